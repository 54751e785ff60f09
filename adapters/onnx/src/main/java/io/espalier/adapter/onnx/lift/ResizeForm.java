package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** Upsample, and Resize as it was before opset 13. */
final class ResizeForm implements OpsetForm {

    private static final int ROI = 1;
    private static final int SCALES = 2;
    private static final String COORDINATES = "coordinate_transformation_mode";
    private static final String NEAREST = "nearest_mode";

    @Override
    public void lift(NodeDraft node, int opset) {
        if (opset < 9) {
            node.toInput("scales", SCALES, AttributeForm.FLOATS, DataType.FLOAT32);
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
        node.setNeutralOnly(COORDINATES, new Attribute.Text("asymmetric"));
        node.setNeutralOnly(NEAREST, new Attribute.Text(shrinks ? "ceil" : "floor"));
    }

    private static void dropEmpty(NodeDraft node, int slot) {
        if (node.constantInput(slot).map(tensor -> tensor.size() == 0).orElse(false)) {
            node.setInput(slot, "");
        }
    }

    @Override
    public void lower(NativeDraft node, int opset) {
        if (opset < 11) {
            node.operator = opset < 10 ? "Upsample" : "Resize";
            node.attributes.remove(COORDINATES);
            node.attributes.remove(NEAREST);
            node.inputs.remove(ROI);
            if (opset < 9) {
                node.toAttribute(SCALES - 1, "scales", AttributeForm.FLOATS);
            }
        } else if (opset < 13) {
            fill(node, ROI);
            fill(node, SCALES);
        }
    }

    private static void fill(NativeDraft node, int slot) {
        if (node.isAbsent(slot)) {
            node.addConstant(slot, slot == ROI ? "roi" : "scales", Tensors.floats(List.of(0L)));
        }
    }
}
