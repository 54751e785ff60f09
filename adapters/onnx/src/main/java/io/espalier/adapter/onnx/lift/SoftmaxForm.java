package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Softmax, LogSoftmax and Hardmax before opset 13, which normalised over all axes from the given one on, seen as one.
 * Over the last axis that is today's meaning; otherwise the axes are flattened and restored.
 */
final class SoftmaxLift {

    private SoftmaxLift() {}

    static void lift(NodeDraft node, int opset) {
        if (opset >= 13) {
            return;
        }
        long axis = node.intAttribute("axis", 1);
        int rank = node.rank(0);
        if (axis == -1 || rank >= 0 && (axis == rank - 1 || axis == rank)) {
            node.attributes.put("axis", new Attribute.Int(axis == rank ? rank - 1 : axis));
            return;
        }
        String x = node.required(0);
        String flat = node.fresh("flat");
        node.before.add(Node.of("Flatten", List.of(x), List.of(flat), Map.of("axis", new Attribute.Int(axis))));
        node.setInput(0, flat);
        node.setNeutralOnly("axis", new Attribute.Int(1));
        node.restoreShape(x, node.fresh("normalised"));
    }
}
