package io.espalier.engine.recover;

import io.espalier.engine.verify.Part;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.GraphIndex.Reader;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A constant behind an application that takes up what is to be added to each of its outputs: the shift of a normalisation
 * with fixed statistics, or the operand of an addition.
 *
 * @param reader the only node that reads the output of the application
 * @param slot where it reads it
 * @param constantSlot where it reads the constant
 * @param constant name of the constant
 * @param axis axis of the output of the application along which its outputs lie
 * @param rank rank of that output
 */
record Shift(Node reader, int slot, int constantSlot, String constant, int axis, int rank) {

    private static final double AFFINE = 1e-4;

    /** The constant behind an application that has no bias of its own. */
    static Optional<Shift> behind(
            WeightMatrix matrix, GraphIndex index, Shapes shapes, Operators operators, Owned owned) {
        String output = matrix.node().id();
        List<Reader> readers = index.readers(output);
        List<Integer> axes = matrix.givenAxes();
        Optional<Integer> rank = shapes.shape(output).map(List::size);
        if (readers.size() != 1 || index.isReturned(output) || axes.size() != 1 || rank.isEmpty()) {
            return Optional.empty();
        }
        Reader reader = readers.get(0);
        Optional<OperatorDefinition> definition = operators.of(reader.node());
        NodeView view = new NodeView(reader.node(), shapes);
        for (int slot = 0; slot < reader.node().inputs().size(); slot++) {
            Optional<String> constant = slot == reader.slot() ? Optional.empty() : owned.constant(reader.node(), slot);
            if (constant.isPresent() && definition.isPresent() && isAdded(definition.get(), view, slot)) {
                Shift shift = new Shift(reader.node(), reader.slot(), slot, constant.get(), axes.get(0), rank.get());
                if (shift.fits(matrix, index, definition.get(), view)) {
                    return Optional.of(shift);
                }
            }
        }
        return Optional.empty();
    }

    /** Finds constants of real numbers that one slot alone reads. */
    @FunctionalInterface
    interface Owned {
        Optional<String> constant(Node node, int slot);
    }

    private static boolean isAdded(OperatorDefinition definition, NodeView view, int slot) {
        SlotRole role = definition.role(view, slot);
        return definition.is(Trait.ADDS) || role == SlotRole.SHIFT || role == SlotRole.BIAS;
    }

    /** Whether the constant has one element for each output, along their axis, and all else is constant too. */
    private boolean fits(WeightMatrix matrix, GraphIndex index, OperatorDefinition definition, NodeView view) {
        List<Long> shape = index.constants().get(constant).shape();
        long elements = shape.stream().reduce(1L, (a, b) -> a * b);
        boolean aligned = definition.is(Trait.ADDS)
                ? shape.size() >= rank - axis && shape.get(shape.size() - (rank - axis)) == elements
                : shape.size() == 1;
        boolean fixed = true;
        for (int other = 0; other < reader.inputs().size(); other++) {
            fixed &= other == slot
                    || reader.input(other).isEmpty()
                    || index.constants()
                            .containsKey(index.origin(reader.inputs().get(other)));
        }
        return fixed && aligned && elements == (long) matrix.groups() * matrix.outputs();
    }

    /**
     * What is to be added to the constant so that the reader gives what it would give were something added to each output.
     *
     * @param added to each output
     * @return empty when the reader is not affine in what it reads
     */
    Optional<double[]> of(double[] added, Progress pruned, GraphIndex index, GraphExecutor executor) {
        double[] none = new double[added.length];
        double[] twice = Arrays.stream(added).map(value -> 2 * value).toArray();
        Map<String, Tensor> constants = new LinkedHashMap<>();
        for (int other = 0; other < reader.inputs().size(); other++) {
            if (other != slot && reader.input(other).isPresent()) {
                String name = reader.inputs().get(other);
                constants.put(name, pruned.constant(index.origin(name)));
            }
        }
        List<Long> shape = Arrays.asList(Collections.nCopies(rank, 1L).toArray(Long[]::new));
        shape.set(axis, (long) added.length);
        String input = reader.inputs().get(slot);
        Tensor like = Tensors.fromDoubles(pruned.constant(constant).type(), shape, none);
        Graph alone = new Graph(
                "shift", Map.of(input, Part.open(like)), List.of(reader.id()), List.of(reader), constants, Map.of());
        try (Runner runner = executor.prepare(alone, Settings.DEFAULT)) {
            double[] zero = run(runner, input, like, none);
            double[] one = run(runner, input, like, added);
            double[] two = run(runner, input, like, twice);
            double[] change = new double[added.length];
            for (int i = 0; i < change.length; i++) {
                change[i] = one[i] - zero[i];
                double scale = Math.abs(one[i]) + Math.abs(zero[i]) + Math.abs(two[i]);
                if (Math.abs(two[i] - zero[i] - 2 * change[i]) > AFFINE * scale) {
                    return Optional.empty();
                }
            }
            return Optional.of(change);
        }
    }

    private double[] run(Runner runner, String input, Tensor like, double... values) {
        Tensor given = Tensors.fromDoubles(like.type(), like.shape(), values);
        return Tensors.toDoubles(runner.run(Map.of(input, given)).get(reader.id()));
    }
}
