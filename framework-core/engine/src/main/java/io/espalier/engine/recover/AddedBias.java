package io.espalier.engine.recover;

import io.espalier.engine.verify.Part;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Nodes;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A bias for an application that has none: in the slot that the operator has for it, or in an addition behind the node.
 *
 * @param node the node
 * @param slot the slot; empty when the operator has none
 * @param shape extents of the bias
 * @param type its element type
 */
record AddedBias(Node node, OptionalInt slot, List<Long> shape, DataType type) {

    /** The largest relative difference from the bias that counts as adding it. */
    private static final double ADDS = 1e-4;

    /** The bias that an application could get; empty when its outputs lie along several axes. */
    static Optional<AddedBias> of(WeightMatrix matrix, DataType type, OperatorDefinition definition, NodeView view) {
        Node node = matrix.node();
        List<Integer> axes = matrix.givenAxes();
        Optional<Integer> rank = view.outputShape(0).map(List::size);
        if (axes.size() != 1 || rank.isEmpty() || node.outputs().size() != 1) {
            return Optional.empty();
        }
        long outputs = (long) matrix.groups() * matrix.outputs();
        OptionalInt slot = freeSlot(definition, view);
        List<Long> shape = new ArrayList<>(List.of(outputs));
        if (slot.isEmpty()) {
            shape.addAll(Collections.nCopies(rank.get() - 1 - axes.get(0), 1L));
        }
        return Optional.of(new AddedBias(node, slot, shape, type));
    }

    private static OptionalInt freeSlot(OperatorDefinition definition, NodeView view) {
        int inputs = view.node().inputs().size();
        for (int slot = 0; slot <= inputs; slot++) {
            boolean free = slot == inputs || view.node().input(slot).isEmpty();
            if (free && definition.role(view, slot) == SlotRole.BIAS) {
                return OptionalInt.of(slot);
            }
        }
        return OptionalInt.empty();
    }

    /** What kind of edit adds it: a format that can do so at one node can do so at all of its operator. */
    String kind() {
        return (slot.isPresent() ? "slot of " : "behind ") + node.qualifiedOperator();
    }

    /** The edits that add it. */
    List<Edit> edits(double[] elements, FreshNames names) {
        Tensor bias = Tensors.fromDoubles(type, shape, elements);
        String name = names.fresh(node.id() + "/bias");
        if (slot.isPresent()) {
            return List.of(new Edit.SetInput(node.id(), slot.getAsInt(), name, bias));
        }
        String product = names.fresh(node.id() + "/product");
        Node without = new Node(node.domain(), node.operator(), node.inputs(), List.of(product), node.attributes());
        return List.of(
                new Edit.RemoveNode(node.id()),
                new Edit.AddNode(without, Map.of()),
                new Edit.AddNode(Nodes.add(product, name, node.id()), Map.of(name, bias)));
    }

    /**
     * Whether the operator adds to each of its outputs what it reads in the slot, and nothing else: tried with a weight of
     * zeros.
     *
     * @param given what the node reads of one batch
     * @param fixed what it reads of constants
     */
    boolean isAdded(WeightMatrix matrix, Map<String, Tensor> given, Map<String, Tensor> fixed, GraphExecutor executor) {
        if (slot.isEmpty()) {
            return true;
        }
        double[] numbers = new double[shape.get(0).intValue()];
        Arrays.setAll(numbers, i -> 1 + i);
        Map<String, Tensor> constants = new LinkedHashMap<>(fixed);
        constants.computeIfPresent(
                node.inputs().get(matrix.slot()),
                (name, weight) -> Tensors.fromDoubles(weight.type(), weight.shape(), new double[(int) weight.size()]));
        FreshNames names = new FreshNames();
        names.reserve(node.reads());
        String bias = names.fresh("bias");
        constants.put(bias, Tensors.fromDoubles(type, shape, numbers));
        Node biased = node.withInput(slot.getAsInt(), bias);
        Graph alone = new Graph("bias", Part.open(given), List.of(node.id()), List.of(biased), constants, Map.of());
        try (Runner runner = executor.prepare(alone, Settings.PLAIN)) {
            return isAlong(matrix.givenAxes().get(0), numbers, runner.run(given).get(node.id()));
        }
    }

    /** Whether a value is one number at each position of an axis, whatever the other axes. */
    private static boolean isAlong(int axis, double[] numbers, Tensor value) {
        long behind = value.shape().stream().skip(axis + 1L).reduce(1L, Math::multiplyExact);
        double[] elements = Tensors.toDoubles(value);
        return value.shape().get(axis) == numbers.length
                && IntStream.range(0, elements.length)
                        .allMatch(i -> Math.abs(elements[i] / numbers[(int) (i / behind % numbers.length)] - 1) < ADDS);
    }
}
