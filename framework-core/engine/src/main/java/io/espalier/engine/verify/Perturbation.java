package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.verify.PerturbedTensor.Noise;
import io.espalier.graph.operator.IntegerRange;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Perturbs the weights of a graph, so that channels that happen to be dead come alive: only then does removing them show
 * whether the right ones were removed.
 */
final class Perturbation {

    /** Integers in these roles stand for numbers; others may be indices. */
    private static final Set<ParameterRole> WEIGHTS =
            EnumSet.of(ParameterRole.PRODUCER, ParameterRole.CONSUMER, ParameterRole.BIAS);

    private Perturbation() {}

    /**
     * Mixes every constant that holds channels with noise of the same scale.
     *
     * @param strength share of the noise: 1 leaves nothing of the weights
     */
    static List<Edit> of(Graph graph, Coupling coupling, long seed, double strength) {
        Map<String, Tensor> constants = graph.allConstants();
        Map<String, Edit> changed = new LinkedHashMap<>();
        for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
            String name = labelledAxis.use().constant();
            Tensor tensor = constants.get(name);
            if (tensor.type().isFloating() || WEIGHTS.contains(labelledAxis.role())) {
                changed.computeIfAbsent(
                        name,
                        each -> new Edit.SetConstant(
                                name, new PerturbedTensor(tensor, seed + name.hashCode(), strength, noise(tensor))));
            }
        }
        return new ArrayList<>(changed.values());
    }

    private static Noise noise(Tensor tensor) {
        return tensor.type().isFloating() ? realNoise(tensor) : integerNoise(tensor);
    }

    private static Noise realNoise(Tensor tensor) {
        double[] squares = {0};
        boolean[] positive = {true};
        Tensors.forEach(tensor, (index, value) -> {
            squares[0] += value * value;
            positive[0] &= value >= 0;
        });
        double scale = squares[0] == 0 ? 0.1 : Math.sqrt(squares[0] / tensor.size());
        return new Noise(0, scale, positive[0] ? 0 : Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /** Integers lie around any number. Where all are the same, those of one byte get a usual spread; a bias is kept. */
    private static Noise integerNoise(Tensor tensor) {
        double[] sums = {0, 0};
        Tensors.forEach(tensor, (index, value) -> {
            sums[0] += value;
            sums[1] += value * value;
        });
        double mean = sums[0] / tensor.size();
        double deviation = Math.sqrt(Math.max(0, sums[1] / tensor.size() - mean * mean));
        IntegerRange range = IntegerRange.of(tensor.type());
        double usual = tensor.type().bytes() == 1 ? (range.highest() - range.lowest()) / 6 : 0;
        return new Noise(mean, deviation == 0 ? usual : deviation, range.lowest(), range.highest());
    }
}
