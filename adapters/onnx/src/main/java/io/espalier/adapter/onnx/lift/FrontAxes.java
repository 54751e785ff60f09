package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;

/** Before opset 11 most operators counted their axes from the front only. */
final class FrontAxes {

    private static final int SINCE = 11;

    private FrontAxes() {}

    /** Restates the axes of a node that count from the end; false when they cannot be: the rank is not known. */
    static boolean restate(NativeDraft node, OperatorSchema schema, int opset) {
        return opset >= SINCE || restateAttribute(node, schema) && restateInput(node, schema);
    }

    private static boolean restateAttribute(NativeDraft node, OperatorSchema schema) {
        long axis = node.intAttribute("axis", 0);
        OperatorSchema.Setting setting = schema.settings().get("axis");
        if (axis >= 0 || setting == null || countsFromTheEnd(setting)) {
            return true;
        }
        int rank = node.rank(0);
        if (rank >= 0) {
            node.restate("axis", new Attribute.Int(axis + rank));
        }
        return rank >= 0;
    }

    /** An operator whose default counts from the end always could. */
    private static boolean countsFromTheEnd(OperatorSchema.Setting setting) {
        return setting.otherwise().isPresent()
                && setting.otherwise().get() instanceof Attribute.Int number
                && number.value() < 0;
    }

    private static boolean restateInput(NativeDraft node, OperatorSchema schema) {
        int slot =
                schema.inputs().stream().map(OperatorSchema.Slot::name).toList().indexOf("axes");
        Optional<Tensor> constant = slot < 0 ? Optional.empty() : node.constant(slot);
        if (constant.isEmpty()) {
            return true;
        }
        long[] axes = Tensors.toLongs(constant.get());
        if (Arrays.stream(axes).allMatch(axis -> axis >= 0)) {
            return true;
        }
        int known = node.rank(0);
        // The axes of Unsqueeze are those of its result.
        int rank = known + (node.operator.equals("Unsqueeze") ? axes.length : 0);
        if (known >= 0) {
            node.restate(
                    slot,
                    "axes",
                    Tensors.vector(Arrays.stream(axes)
                            .map(axis -> axis < 0 ? axis + rank : axis)
                            .toArray()));
        }
        return known >= 0;
    }
}
