package io.espalier.adapter.onnx.lift;

import java.util.List;

/**
 * What a native node became in the neutral graph.
 *
 * @param node the native node
 * @param yields the neutral nodes that it stands for, by their first outputs, in topological order
 */
public record Origin(NodeRef node, List<String> yields) {

    public Origin {
        yields = List.copyOf(yields);
    }
}
