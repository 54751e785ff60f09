package io.espalier.graph.gradient;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.Map;

/**
 * A graph whose bodies have no constants: theirs are its own, so that it can be differentiated by all of them. Names are unique over a
 * graph and its bodies, so nothing is renamed.
 */
final class OuterConstants {

    private OuterConstants() {}

    static Graph of(Graph graph) {
        return without(graph).withConstants(graph.allConstants());
    }

    private static Graph without(Graph graph) {
        return graph.withNodes(
                graph.nodes().stream().map(OuterConstants::without).toList());
    }

    private static Node without(Node node) {
        Node changed = node;
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            if (attribute.getValue() instanceof Attribute.Body body) {
                Graph inner = without(body.graph());
                Graph bare = new Graph(
                        inner.name(), inner.inputs(), inner.outputs(), inner.nodes(), Map.of(), inner.declared());
                changed = changed.withAttribute(attribute.getKey(), new Attribute.Body(bare));
            }
        }
        return changed;
    }
}
