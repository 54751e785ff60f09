package io.espalier.engine.recover;

import io.espalier.graph.operator.WeightMatrix;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An application of a weight that can be fitted.
 *
 * @param matrix the weight as a matrix
 * @param weight the constant that holds it
 * @param bias the constant that is added to what it gives, with one element for each of its outputs
 * @param biasSlot where the node reads that
 * @param biasIsFree whether nothing else reads the bias, so that it can be changed
 * @param shift what takes up a bias where the application has none
 */
record Application(
        WeightMatrix matrix,
        String weight,
        Optional<String> bias,
        OptionalInt biasSlot,
        boolean biasIsFree,
        Optional<Shift> shift) {

    /** The node that applies the weight. */
    Node node() {
        return matrix.node();
    }

    LinearMap map(Progress pruned) {
        double[] added = bias.map(name -> Tensors.toDoubles(pruned.constant(name)))
                .orElseGet(() -> new double[matrix.groups() * matrix.outputs()]);
        return new LinearMap(matrix.matrix(pruned.constant(weight)), added);
    }

    /** Whether something can be added to each of its outputs. */
    boolean hasBias() {
        return biasIsFree || shift.isPresent();
    }

    /**
     * The constants that hold a new weight and bias.
     *
     * @param shifted what is to be added to the constant behind the application
     */
    Map<String, Tensor> constants(Progress pruned, LinearMap map, Optional<double[]> shifted) {
        Map<String, Tensor> changed = new LinkedHashMap<>();
        shifted.ifPresent(added -> {
            Tensor before = pruned.constant(shift.orElseThrow().constant());
            double[] sum = Tensors.toDoubles(before);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += added[i];
            }
            changed.put(shift.orElseThrow().constant(), Tensors.fromDoubles(before.type(), before.shape(), sum));
        });
        changed.put(weight, matrix.weight(pruned.constant(weight), map.weight()));
        if (biasIsFree) {
            Tensor before = pruned.constant(bias.orElseThrow());
            changed.put(bias.orElseThrow(), Tensors.fromDoubles(before.type(), before.shape(), map.bias()));
        }
        return changed;
    }
}
