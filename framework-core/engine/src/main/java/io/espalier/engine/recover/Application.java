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
 * @param weight where its elements are
 * @param biasSlot where the node reads what it adds to each of its outputs
 * @param bias where the elements of that are, when they can be changed
 * @param shift what takes up a bias where the node has none
 */
record Application(
        WeightMatrix matrix, Operand weight, OptionalInt biasSlot, Optional<Operand> bias, Optional<Shift> shift) {

    /** The node that applies the weight. */
    Node node() {
        return matrix.node();
    }

    /** Whether something can be added to each of its outputs. */
    boolean hasBias() {
        return bias.isPresent() || shift.isPresent();
    }

    /** What it computes now. */
    LinearMap now(Progress pruned, Optional<Tensor> added) {
        return new LinearMap(
                matrix.matrix(weight.read(pruned.constant(weight.constant()))),
                added.map(Tensors::toDoubles).orElseGet(() -> new double[matrix.groups() * matrix.outputs()]));
    }

    /**
     * The constants that hold a new weight and bias.
     *
     * @param shifted what is to be added to the constant behind the application
     */
    Map<String, Tensor> constants(Progress pruned, LinearMap map, Optional<double[]> shifted) {
        Map<String, Tensor> changed = new LinkedHashMap<>();
        Tensor before = pruned.constant(weight.constant());
        changed.put(weight.constant(), weight.constant(before, matrix.weight(weight.read(before), map.weight())));
        bias.ifPresent(operand -> {
            Tensor old = pruned.constant(operand.constant());
            Tensor read = operand.read(old);
            changed.put(
                    operand.constant(),
                    operand.constant(old, Tensors.fromDoubles(read.type(), read.shape(), map.bias())));
        });
        shifted.ifPresent(added -> {
            String name = shift.orElseThrow().constant();
            Tensor old = pruned.constant(name);
            double[] sum = Tensors.toDoubles(old);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += added[i];
            }
            changed.put(name, Tensors.fromDoubles(old.type(), old.shape(), sum));
        });
        return changed;
    }
}
