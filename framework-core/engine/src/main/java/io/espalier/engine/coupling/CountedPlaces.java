package io.espalier.engine.coupling;

import io.espalier.engine.shape.Progression;
import io.espalier.engine.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Values that count positions on their way to the indices of a ScatterND, and what else is made of them: there may be
 * fewer of them when what they count has become less. Whoever else reads them needs the numbers.
 */
final class CountedPlaces {

    private final Shapes shapes;
    private final Set<String> values = new HashSet<>();

    CountedPlaces(Graph graph, Shapes shapes) {
        this.shapes = shapes;
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.qualifiedOperator().equals("ScatterND")) {
                add(node.inputs().get(1));
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

    /**
     * Whether a node does with counted positions what may be done when there are fewer of them: what is cut from them must
     * start with the first one, which is 0 whatever goes.
     */
    boolean carries(Node node, int slot) {
        return node.output(0)
                        .flatMap(shapes::progression)
                        .filter(counted -> !node.operator().equals("Slice")
                                || counted.columns().get(0).counts())
                        .isPresent()
                || slot == 1 && node.qualifiedOperator().equals("ScatterND")
                || !MoveRules.readsElements(node);
    }
}
