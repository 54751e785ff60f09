package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;

/** Upsample, and Resize as it was before opset 13. */
final class ResizeLift {

    private static final int ROI = 1;
    private static final int SCALES = 2;

    private ResizeLift() {}

    static void lift(NodeDraft node, int opset) {
        if (opset < 9) {
            node.floatsToInput("scales", SCALES);
            toCurrentForm(node);
        } else if (opset < 11) {
            node.setInput(SCALES, node.required(1));
            node.setInput(ROI, "");
            node.movedInput(SCALES, 1);
            toCurrentForm(node);
        } else {
            // Exporters fill slots that are not used with empty tensors; an absent input says the same.
            dropEmpty(node, ROI);
            dropEmpty(node, SCALES);
        }
    }

    private static void toCurrentForm(NodeDraft node) {
        boolean shrinks = node.constantInput(SCALES)
                .map(scales -> Arrays.stream(Tensors.toDoubles(scales)).anyMatch(scale -> scale < 1))
                .orElse(false);
        node.operator = "Resize";
        node.setNeutralOnly("coordinate_transformation_mode", new Attribute.Text("asymmetric"));
        node.setNeutralOnly("nearest_mode", new Attribute.Text(shrinks ? "ceil" : "floor"));
    }

    private static void dropEmpty(NodeDraft node, int slot) {
        if (node.constantInput(slot).map(tensor -> tensor.size() == 0).orElse(false)) {
            node.setInput(slot, "");
        }
    }
}
