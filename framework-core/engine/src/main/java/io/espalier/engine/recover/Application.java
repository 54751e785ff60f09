package io.espalier.engine.recover;

import io.espalier.graph.operator.WeightMatrix;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
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
 * @param addable a bias that it could get where nothing takes one up
 */
record Application(
        WeightMatrix matrix,
        Operand weight,
        OptionalInt biasSlot,
        Optional<Operand> bias,
        Optional<Shift> shift,
        Optional<AddedBias> addable) {

    /** The node that applies the weight. */
    Node node() {
        return matrix.node();
    }

    /** Whether something can be added to each of its outputs. */
    boolean hasBias() {
        return bias.isPresent() || shift.isPresent();
    }

    /** The same with a bias that cannot be changed. */
    Application withoutBias() {
        return new Application(matrix, weight, biasSlot, Optional.empty(), shift, addable);
    }

    /** For each element of the matrix, a number that says which element of the constant it is. */
    double[] places() {
        return matrix.matrix(weight.places());
    }

    /** What it computes now. */
    LinearMap now(Progress pruned, Optional<Tensor> added) {
        return new LinearMap(
                matrix.matrix(weight.read(pruned.constant(weight.constant()))),
                added.map(Tensors::toDoubles).orElseGet(() -> new double[matrix.groups() * matrix.outputs()]));
    }

    /** A map as the constants can hold it: rounded to their types. */
    LinearMap rounded(Progress pruned, LinearMap map) {
        Map<String, Tensor> held = constants(pruned, map, Optional.empty());
        return new LinearMap(
                matrix.matrix(weight.read(held.get(weight.constant()))),
                bias.map(operand -> Tensors.toDoubles(operand.read(held.get(operand.constant()))))
                        .orElse(map.bias()));
    }

    /**
     * The constants that hold a new weight and bias.
     *
     * @param shifted what is to be added to the constant behind the application
     */
    Map<String, Tensor> constants(Progress pruned, LinearMap map, Optional<double[]> shifted) {
        Map<String, Tensor> changed = new LinkedHashMap<>();
        Tensor before = pruned.constant(weight.constant());
        Tensor like = Tensors.fromDoubles(DataType.FLOAT64, weight.shape(), new double[map.weight().length]);
        changed.put(weight.constant(), weight.constant(before, matrix.weight(like, map.weight())));
        bias.ifPresent(operand -> {
            Tensor old = pruned.constant(operand.constant());
            Tensor read = Tensors.fromDoubles(DataType.FLOAT64, operand.shape(), map.bias());
            changed.put(operand.constant(), operand.constant(old, read));
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
