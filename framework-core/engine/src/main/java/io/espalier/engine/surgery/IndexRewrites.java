package io.espalier.engine.surgery;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.propagate.StridedRead;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Progression;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rewrites constant indices, and the constants that counted indices are made of, where positions have gone. */
final class IndexRewrites {

    private final Graph graph;
    private final Shapes before;
    private final KeptIndices keptIndices;
    private final Operators operators;
    private final OperandPatches patches;
    private final Map<String, StridedRead> reads;

    IndexRewrites(Graph graph, Shapes before, Operators operators, KeptIndices keptIndices, OperandPatches patches) {
        this.graph = graph;
        this.before = before;
        this.keptIndices = keptIndices;
        this.operators = operators;
        this.patches = patches;
        this.reads = StridedRead.in(graph, before, operators);
    }

    /** As {@link #gather}; every index is a tuple of one. */
    void gatherPositions(Node node) {
        boolean one = before.shape(node.inputs().get(1))
                .filter(shape -> !shape.isEmpty() && shape.get(shape.size() - 1).is(1))
                .isPresent();
        if (one && node.intAttribute("batch_dims", 0) == 0) {
            gather(node);
        }
    }

    /** Constant indices of the first axis, one after the other, are renumbered as it loses positions. */
    void writePositions(Node node) {
        String data = node.inputs().get(0);
        Tensor indices = graph.constants().get(node.inputs().get(1));
        if (indices == null) {
            return;
        }
        if (indices.shape().size() != 2 || indices.shape().get(1) != 1) {
            writeCounted(node, indices);
            return;
        }
        if (!keptIndices.touches(data, 0)) {
            return;
        }
        int extent = (int) before.shape(data).orElseThrow().get(0).constant();
        long[] numbers = renumbered(Tensors.toLongs(indices), data, 0, extent);
        patches.replace(node, 1, Tensors.longs(List.of((long) numbers.length, 1L), numbers));
    }

    /** Constant index tuples that name all positions of an axis name as many as are left. */
    private void writeCounted(Node node, Tensor indices) {
        List<Dim> left = keptIndices.shape(node.outputs().get(0)).orElseThrow();
        List<Long> shape = new ArrayList<>(indices.shape());
        Optional<Progression> counted = before.tuples(node.inputs().get(1));
        counted.ifPresent(found -> found.wholeAxes(
                        before.require(node.inputs().get(0)),
                        before.require(node.inputs().get(1)))
                .forEach((axis, place) -> shape.set(place, left.get(axis).constant())));
        if (!shape.equals(indices.shape())) {
            patches.replace(node, 1, Tensors.longs(shape, counted.orElseThrow().numbers(shape)));
        }
    }

    /** What is left of indices along an axis, as positions among those that are kept; the same where the axis loses none. */
    private long[] renumbered(long[] numbers, String data, int axis, int extent) {
        int[] kept = keptIndices.positions(data, axis).orElseThrow();
        if (kept.length == extent) {
            return numbers;
        }
        return Arrays.stream(numbers)
                .map(number -> Arrays.binarySearch(kept, NodeView.normalise(number, extent)))
                .filter(place -> place >= 0)
                .toArray();
    }

    /** Constant indices along an axis that loses positions are renumbered. */
    void gather(Node node) {
        NodeView view = new NodeView(node, before);
        String data = node.inputs().get(0);
        int axis = view.axis("axis", 0, view.rank(0));
        if (keptIndices.touches(data, axis) && reads.containsKey(node.id())) {
            strided(node, reads.get(node.id()), axis);
            return;
        }
        Tensor indices = graph.constants().get(node.inputs().get(1));
        Optional<long[]> numbers = indices != null ? Optional.of(Tensors.toLongs(indices)) : view.numbers(1);
        if (!keptIndices.touches(data, axis) || numbers.isEmpty()) {
            return;
        }
        int extent = (int) view.shape(0).orElseThrow().get(axis).constant();
        boolean deep = operators.moves(node, Movement.GATHER_POSITIONS);
        int rank = view.rank(1) - (deep ? 1 : 0);
        List<Long> shape = new ArrayList<>(
                keptIndices.shape(node.outputs().get(0)).orElseThrow().subList(axis, axis + rank).stream()
                        .map(Dim::constant)
                        .toList());
        if (deep) {
            shape.add(1L);
        }
        long[] values = renumbered(numbers.get(), data, axis, extent);
        if (!Arrays.equals(values, numbers.get())) {
            patches.replace(node, 1, Tensors.longs(shape, values));
        }
    }

    /** Indices that count positions count as many as are left, with steps over as many as are left. */
    private void strided(Node node, StridedRead read, int axis) {
        List<Dim> shape = keptIndices.shape(node.outputs().get(0)).orElseThrow();
        Map<Integer, Long> kept = new LinkedHashMap<>();
        read.whole().forEach(place -> kept.put(place, shape.get(axis + place).constant()));
        for (StridedRead.Rewrite rewrite : read.after(kept)) {
            String operand = rewrite.node().inputs().get(rewrite.slot());
            List<Long> numbers = Arrays.stream(rewrite.numbers()).boxed().toList();
            patches.replace(
                    rewrite.node(),
                    rewrite.slot(),
                    rewrite.shape().isEmpty()
                            ? OperandPatches.tensor(before, operand, numbers)
                            : Tensors.fromDoubles(
                                    before.type(operand).orElseThrow(),
                                    rewrite.shape(),
                                    numbers.stream()
                                            .mapToDouble(Long::doubleValue)
                                            .toArray()));
        }
    }
}
