package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Softmax, LogSoftmax and Hardmax before opset 13, which normalised over all axes from the given one on, seen as one.
 * Over the last axis that is today's meaning; otherwise the axes are flattened and restored.
 */
final class SoftmaxForm implements OpsetForm {

    private static final int ONE_AXIS = 13;
    private static final int AXES_FROM_THE_END = 11;

    @Override
    public void lift(NodeDraft node, int opset) {
        if (opset >= ONE_AXIS) {
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

    /** The axis is said in full: its default was another one. */
    @Override
    public void lower(NativeDraft node, int opset) {
        if (opset < ONE_AXIS) {
            long axis = node.intAttribute("axis", -1);
            boolean fromFront = axis < 0 && node.rank(0) > 0 && (axis < -1 || opset < AXES_FROM_THE_END);
            node.restate("axis", new Attribute.Int(fromFront ? axis + node.rank(0) : axis));
        }
    }
}
