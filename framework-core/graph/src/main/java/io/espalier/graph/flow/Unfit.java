package io.espalier.graph.flow;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.Map;

/** Stands for a node whose operands do not fit its operator: nobody knows it, so that it is a barrier with the reason. */
public final class Unfit {

    private static final String DOMAIN = "espalier.unfit";

    private Unfit() {}

    /** The stand-in of a node. */
    public static Node of(Node node, String reason) {
        return new Node(
                DOMAIN, node.operator(), node.inputs(), node.outputs(), Map.of("reason", new Attribute.Text(reason)));
    }
}
