package io.espalier.engine.exported;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Seeded inputs that the exported networks accept. */
final class TestingInputs {

    private static final long BATCH = 3;
    /** Images of any size that their poolings divide; sequences take it as well. */
    private static final long OPEN = 16;

    private TestingInputs() {}

    /** A tensor for every input: normal floats, or zeros and ones, which every vocabulary has. */
    static Map<String, Tensor> of(Graph graph, Shapes shapes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Long> extents = new ArrayList<>();
            List<Dim> shape = shapes.require(name);
            for (int axis = 0; axis < shape.size(); axis++) {
                Dim extent = shape.get(axis);
                extents.add(extent.isConstant() ? extent.constant() : axis == 0 ? BATCH : OPEN);
            }
            inputs.put(name, tensor(type.type(), extents, random));
        });
        return inputs;
    }

    private static Tensor tensor(DataType type, List<Long> extents, SplittableRandom random) {
        double[] values = new double[extents.stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.isFloating() ? random.nextGaussian() : random.nextInt(2);
        }
        return Tensors.fromDoubles(type, extents, values);
    }
}
