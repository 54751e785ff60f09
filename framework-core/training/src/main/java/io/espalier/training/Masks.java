package io.espalier.training;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Draws what a Dropout multiplies with. */
final class Masks {

    private Masks() {}

    /**
     * A mask of zeros, and of ones by the share that is left.
     *
     * @param type its type, whose first axis holds the examples
     * @param inputs what the model is fed with
     * @param share the share of zeros
     */
    static Tensor of(ValueType type, Map<String, Tensor> inputs, double share, RandomGenerator random) {
        List<Long> shape = new ArrayList<>();
        shape.add(inputs.values().iterator().next().shape().get(0));
        type.shape().orElseThrow().stream().skip(1).forEach(extent -> shape.add(((Dimension.Fixed) extent).extent()));
        float[] mask = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
        float kept = (float) (1 / (1 - share));
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextDouble() < share ? 0 : kept;
        }
        return Tensors.floats(shape, mask);
    }
}
