package io.espalier.engine.coupling.propagate;

import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Progression;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Values that count positions, computed as indices of a ScatterND or of a strided read, and the values computed from
 * them. When the axis they count becomes shorter they count fewer positions; any other reader needs the numbers as they
 * are.
 */
final class CountedIndices {

    private final Shapes shapes;
    private final Operators operators;
    private final Map<String, StridedRead> reads;
    private final Set<Slot> numbers = new HashSet<>();
    private final Set<String> values = new HashSet<>();

    private record Slot(String node, int slot) {}

    CountedIndices(Graph graph, Shapes shapes, Operators operators) {
        this.shapes = shapes;
        this.operators = operators;
        this.reads = StridedRead.in(graph, shapes, operators);
        reads.values().stream()
                .flatMap(read -> read.terms().stream())
                .filter(term -> term.kind() == IndexTerm.Kind.NUMBERS)
                .forEach(term -> numbers.add(new Slot(term.node().id(), term.slot())));
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (countsIn(node)) {
                add(node.inputs().get(1));
                if (graph.constants().containsKey(node.inputs().get(1))) {
                    numbers.add(new Slot(node.id(), 1));
                }
            } else if (node.output(0).filter(values::contains).isPresent()) {
                node.inputs().forEach(this::add);
            }
        }
        for (Node node : nodes) {
            if (node.inputs().stream().anyMatch(values::contains)) {
                node.output(0).ifPresent(this::add);
            }
        }
    }

    private void add(String value) {
        if (shapes.progression(value).filter(Progression::moves).isPresent()) {
            values.add(value);
        }
    }

    boolean contains(String value) {
        return values.contains(value);
    }

    /** How a node reads a strided view, when it does. */
    Optional<StridedRead> read(Node node) {
        return Optional.ofNullable(reads.get(node.id()));
    }

    /** Whether a node reads a constant that counts positions and is rewritten when there are fewer. */
    boolean isNumbers(Node node, int slot) {
        return numbers.contains(new Slot(node.id(), slot));
    }

    /** Whether a node looks at more than the extents of its inputs; a table kept for its shape has nothing to prune. */
    boolean readsElements(Node node) {
        return !operators.is(node, Trait.READS_EXTENTS);
    }

    /** Whether the indices of a node may count fewer positions. */
    private boolean countsIn(Node node) {
        return operators.moves(node, Movement.WRITE_POSITIONS) || reads.containsKey(node.id());
    }

    /**
     * Whether a node may read fewer counted positions: a cut from them must start with the first one, which is always 0.
     */
    boolean carries(Node node, int slot) {
        return node.output(0)
                        .flatMap(shapes::progression)
                        .filter(counted -> !operators.moves(node, Movement.SLICE)
                                || counted.columns().get(0).counts())
                        .isPresent()
                || slot == 1 && countsIn(node)
                || !readsElements(node);
    }
}
