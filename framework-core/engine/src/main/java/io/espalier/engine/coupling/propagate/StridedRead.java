package io.espalier.engine.coupling.propagate;

import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Progression;
import io.espalier.graph.shape.Progression.Column;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A Gather whose indices count positions, with a step for each of their axes: a strided view of a flat axis.
 *
 * <p>Axes whose steps and extents follow one another from 1 on name all positions of a block: the innermost factors of
 * the axis, in any order. The other axes pick whole blocks. Immutable.
 *
 * @param column the indices
 * @param extents the shape of the indices
 * @param whole axes of the indices that name all positions of a block, innermost first
 * @param block how many positions that are
 * @param terms the terms whose sum the indices are
 */
public record StridedRead(Column column, List<Dim> extents, List<Integer> whole, long block, List<IndexTerm> terms) {

    /**
     * A constant that has to change with the block.
     *
     * @param node the operator that reads it
     * @param slot where it reads it
     * @param shape its new shape
     * @param numbers its new elements
     */
    public record Rewrite(Node node, int slot, List<Long> shape, long[] numbers) {}

    public StridedRead {
        extents = List.copyOf(extents);
        whole = List.copyOf(whole);
        terms = List.copyOf(terms);
    }

    /** The reads of a graph by the node that reads. */
    public static Map<String, StridedRead> in(Graph graph, Shapes shapes, Operators operators) {
        Map<String, StridedRead> reads = new LinkedHashMap<>();
        IndexTerms terms = new IndexTerms(graph, shapes, operators);
        for (Node node : graph.nodes()) {
            if (operators.moves(node, Movement.GATHER)) {
                of(node, shapes, terms).ifPresent(read -> reads.put(node.id(), read));
            }
        }
        return reads;
    }

    private static Optional<StridedRead> of(Node gather, Shapes shapes, IndexTerms terms) {
        String indices = gather.inputs().get(1);
        Optional<Column> column = shapes.progression(indices).flatMap(Progression::single);
        boolean known = shapes.content(indices).flatMap(IntTensor::constants).isPresent();
        if (column.isEmpty() || known) {
            return Optional.empty();
        }
        List<Dim> extents = shapes.require(indices);
        List<Integer> whole = consecutive(column.get(), extents);
        return terms.of(gather, 1)
                .flatMap(found -> IntStream.range(0, whole.size())
                        .mapToObj(left -> whole.subList(0, whole.size() - left))
                        .map(some -> new StridedRead(column.get(), extents, some, size(extents, some), found))
                        .filter(StridedRead::isBlockwise)
                        .findFirst());
    }

    /** Axes of known extent each of which steps over all positions of those before it. */
    private static List<Integer> consecutive(Column column, List<Dim> extents) {
        List<Integer> axes = new ArrayList<>();
        Optional<Integer> next = Optional.empty();
        do {
            next.ifPresent(axes::add);
            long step = size(extents, axes);
            next = IntStream.range(0, extents.size())
                    .filter(axis -> column.steps().get(axis) == step && !axes.contains(axis))
                    .filter(axis ->
                            extents.get(axis).isConstant() && extents.get(axis).constant() > 1)
                    .boxed()
                    .findFirst();
        } while (next.isPresent());
        return axes;
    }

    private static long size(List<Dim> extents, List<Integer> axes) {
        return axes.stream().mapToLong(axis -> extents.get(axis).constant()).reduce(1, Math::multiplyExact);
    }

    private boolean isBlockwise() {
        boolean steps = IntStream.range(0, extents.size())
                .allMatch(axis -> whole.contains(axis) || column.steps().get(axis) % block == 0);
        List<Integer> moved =
                terms.stream().flatMap(term -> term.moved().stream()).toList();
        return steps
                && column.start() % block == 0
                && moved.stream().distinct().count() == moved.size()
                && terms.stream().allMatch(term -> term.follows(whole, block));
    }

    /** The axis of the indices that names all blocks one after the other, where one does. */
    Optional<Integer> blocks(Dim count) {
        List<Integer> others = IntStream.range(0, extents.size())
                .filter(axis -> !whole.contains(axis) && column.steps().get(axis) != 0)
                .boxed()
                .toList();
        return others.stream()
                .filter(axis -> others.size() == 1 && column.start() == 0)
                .filter(axis -> column.steps().get(axis) == block)
                .filter(axis -> extents.get(axis).equals(count))
                .findFirst();
    }

    /**
     * The constants that change once every block has lost the same number of positions.
     *
     * @param kept for each axis of the indices that names positions of a block, how many are left
     */
    public List<Rewrite> after(Map<Integer, Long> kept) {
        Map<Integer, Long> steps = new LinkedHashMap<>();
        long left = 1;
        for (int axis : whole) {
            steps.put(axis, left);
            left *= kept.get(axis);
        }
        for (int axis = 0; axis < extents.size(); axis++) {
            steps.putIfAbsent(axis, column.steps().get(axis) / block * left);
        }
        long blockLeft = left;
        return terms.stream()
                .flatMap(term -> term.kind() == IndexTerm.Kind.NUMBERS
                        ? numbers(term, steps, kept, blockLeft).stream()
                        : factor(term, steps, blockLeft).stream())
                .toList();
    }

    private Optional<Rewrite> numbers(IndexTerm term, Map<Integer, Long> steps, Map<Integer, Long> kept, long left) {
        List<Long> own = new ArrayList<>();
        List<Long> shape = new ArrayList<>();
        boolean fewer = false;
        for (int axis = 0; axis < term.axes().size(); axis++) {
            int indexAxis = term.axes().get(axis);
            boolean moves = term.own().steps().get(axis) != 0;
            long extent = moves ? extents.get(indexAxis).constant() : 1;
            own.add(moves ? steps.get(indexAxis) : 0);
            shape.add(moves ? kept.getOrDefault(indexAxis, extent) : 1);
            fewer |= moves && kept.getOrDefault(indexAxis, extent) != extent;
        }
        Column column = new Column(term.own().start() / block * left, own);
        return fewer || !column.equals(term.own())
                ? Optional.of(new Rewrite(term.node(), term.slot(), shape, column.numbers(shape)))
                : Optional.empty();
    }

    private Optional<Rewrite> factor(IndexTerm term, Map<Integer, Long> steps, long left) {
        Optional<Integer> inside = term.moved().stream().filter(whole::contains).findFirst();
        long factor = inside.map(steps::get).orElse(term.factor() / block * left);
        return term.kind() == IndexTerm.Kind.FACTOR && factor != term.factor()
                ? Optional.of(new Rewrite(term.node(), term.slot(), List.of(), new long[] {factor}))
                : Optional.empty();
    }
}
