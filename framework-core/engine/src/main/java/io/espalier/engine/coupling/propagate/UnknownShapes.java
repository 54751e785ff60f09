package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Barrier;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds where shapes cease to be known: the nodes that follow are not to blame. */
final class UnknownShapes {

    private final Shapes shapes;
    private final Map<String, Node> producers = new HashMap<>();

    UnknownShapes(Graph graph, Shapes shapes) {
        this.shapes = shapes;
        graph.nodes().forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
    }

    /** The barrier at each value that a node reads whose operands or results have no known shape. */
    Function<String, Barrier> barrier(Node node) {
        Set<String> seen = new HashSet<>();
        Node origin = node;
        Optional<String> unknown = unknown(origin.inputs().stream());
        while (unknown.isPresent()) {
            String value = unknown.get();
            Node producer = producers.get(value);
            if (producer == null || !seen.add(value)) {
                return read -> new Barrier("input", value, read, -1, "the file does not declare its shape");
            }
            origin = producer;
            unknown = unknown(origin.inputs().stream());
        }
        Node first = origin;
        return read -> Barrier.at(first, read, -1, reason(first, node));
    }

    private Optional<String> unknown(Stream<String> values) {
        return values.filter(value -> !value.isEmpty() && shapes.shape(value).isEmpty())
                .findFirst();
    }

    private String reason(Node first, Node reader) {
        String maker = "the " + first.qualifiedOperator() + " that makes '" + first.id() + "': ";
        return shapes.problems().stream()
                .filter(problem -> problem.startsWith(maker))
                .map(problem -> problem.substring(maker.length()))
                .findFirst()
                .orElseGet(() -> "the shape of its result is not known"
                        + (first == reader ? "" : ", nor of what follows, such as '" + reader.id() + "'"));
    }
}
