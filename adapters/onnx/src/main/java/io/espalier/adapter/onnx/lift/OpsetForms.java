package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.lift.MovedAttributes.Move;
import io.espalier.adapter.onnx.lift.NodeDraft.Operand;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;

/**
 * What changed in the standard operators between opset 7 and the neutral one. An operator that is not named here, or
 * whose changes only added types or attributes with neutral defaults, stays as it is.
 */
final class OpsetForms {

    private static final OpsetForm AXES_SINCE_13 = MovedAttributes.of(Move.ints(13, "axes", 1));
    private static final OpsetForm AXES_SINCE_18 = MovedAttributes.of(Move.ints(18, "axes", 1));
    private static final OpsetForm SOFTMAX = new SoftmaxForm();
    private static final OpsetForm RESIZE = new ResizeForm();
    private static final MovedAttributes SPLIT = MovedAttributes.of(Move.ints(13, "split", 1));

    private OpsetForms() {}

    /** The older forms of an operator of the standard domain, by its neutral or its older name. */
    static Optional<OpsetForm> of(String operator) {
        return Optional.ofNullable(
                switch (operator) {
                    case "Squeeze", "Unsqueeze", "ReduceSum" -> AXES_SINCE_13;
                    case "ReduceL1",
                            "ReduceL2",
                            "ReduceLogSum",
                            "ReduceLogSumExp",
                            "ReduceMax",
                            "ReduceMean",
                            "ReduceMin",
                            "ReduceProd",
                            "ReduceSumSquare" -> AXES_SINCE_18;
                    case "Clip" -> MovedAttributes.of(Move.realLikeData(11, "min", 1), Move.realLikeData(11, "max", 2));
                    case "Dropout" -> MovedAttributes.of(Move.real(12, "ratio", 1));
                    case "Pad" -> MovedAttributes.of(Move.ints(11, "pads", 1), Move.realLikeData(11, "value", 2));
                    case "Slice" ->
                        MovedAttributes.of(
                                Move.ints(10, "starts", 1), Move.ints(10, "ends", 2), Move.ints(10, "axes", 3));
                    case "Split" -> new Both(OpsetForms::split, OpsetForms::oldSplit);
                    case "TopK" -> MovedAttributes.of(Move.integer(10, "k", 1));
                    case "Softmax", "LogSoftmax", "Hardmax" -> SOFTMAX;
                    case "Upsample", "Resize" -> RESIZE;
                    case "BatchNormalization" -> liftedOnly(OpsetForms::batchNormalization);
                    case "GroupNormalization" -> liftedOnly(OpsetForms::groupNormalization);
                    case "Scatter", "ScatterElements" -> new Both(OpsetForms::scatter, OpsetForms::oldScatter);
                    case "GridSample" -> new Both(OpsetForms::gridSample, OpsetForms::oldGridSample);
                    case "RoiAlign" -> new Both(OpsetForms::roiAlign, OpsetForms::oldRoiAlign);
                    case "DFT" -> new Both(OpsetForms::dft, OpsetForms::oldDft);
                    case "Scan" -> liftedOnly(OpsetForms::scan);
                    case "QLinearConv", "QLinearMatMul", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger" ->
                        liftedOnly((node, opset) -> QuantisedLifts.lift(node));
                    default -> null;
                });
    }

    /** Brings a node of the standard domain to the neutral opset. */
    static void lift(NodeDraft node, int opset) {
        FirstForms.lift(node, opset);
        of(node.operator).ifPresent(form -> form.lift(node, opset));
    }

    /** A form in two functions. */
    private record Both(ObjIntConsumer<NodeDraft> lifting, ObjIntConsumer<NativeDraft> lowering) implements OpsetForm {

        @Override
        public void lift(NodeDraft node, int opset) {
            lifting.accept(node, opset);
        }

        @Override
        public void lower(NativeDraft node, int opset) {
            lowering.accept(node, opset);
        }
    }

    /** The form of an operator whose older versions say less than the neutral one, or the same in other nodes. */
    private static OpsetForm liftedOnly(ObjIntConsumer<NodeDraft> lifting) {
        return new Both(lifting, (node, opset) -> {});
    }

    private static void split(NodeDraft node, int opset) {
        SPLIT.lift(node, opset);
        if (opset < 18 && node.input(1).isEmpty()) {
            node.setNeutralOnly("num_outputs", new Attribute.Int(node.outputs.size()));
        }
    }

    private static void oldSplit(NativeDraft node, int opset) {
        SPLIT.lower(node, opset);
        if (opset < 18 && node.intAttribute("num_outputs", 0) == node.outputs.size()) {
            node.attributes.remove("num_outputs");
        }
    }

    private static void batchNormalization(NodeDraft node, int opset) {
        if (opset < 9 && node.intAttribute("spatial", 1) == 0) {
            throw unsupported(
                    node, "keeps statistics for every position (spatial=0), which later opsets cannot express");
        }
        if (opset < 9) {
            node.attributes.remove("spatial");
        }
        if (opset >= 14 || node.outputs.size() == 1) {
            return;
        }
        for (int output = 1; output < node.outputs.size(); output++) {
            if (node.surroundings().isRead(output)) {
                throw unsupported(node, "returns training statistics; export the model for inference");
            }
        }
        node.outputs.subList(1, node.outputs.size()).clear();
    }

    /**
     * Before opset 21 scale and bias were given per group. Instance normalisation over the groups, seen as channels, says
     * exactly that.
     */
    private static void groupNormalization(NodeDraft node, int opset) {
        if (opset >= 21) {
            return;
        }
        String x = node.required(0);
        String grouped = node.fresh("grouped");
        String normalised = node.fresh("normalised");
        long groups = node.intAttribute("num_groups", 1);
        String target = node.surroundings()
                .addConstant(
                        node.node().id() + "/num_groups",
                        Tensors.vector(0, groups, -1),
                        "num_groups",
                        AttributeForm.GROUP_COUNT);
        Operand count = new Operand(target, new SlotBinding.FromAttribute("num_groups", AttributeForm.GROUP_COUNT));
        node.before.add(node.part("Reshape", List.of(node.requiredOperand(0), count), grouped, Map.of()));
        node.operator = "InstanceNormalization";
        node.attributes.remove("num_groups");
        node.attributes.remove("stash_type");
        node.setInput(0, grouped);
        node.restoreShape(x, normalised);
    }

    private static void scatter(NodeDraft node, int opset) {
        node.operator = "ScatterElements";
    }

    private static void oldScatter(NativeDraft node, int opset) {
        if (opset < 11) {
            node.operator = "Scatter";
        }
    }

    private static void gridSample(NodeDraft node, int opset) {
        if (opset < 20) {
            switch (node.textAttribute("mode", "bilinear")) {
                case "bilinear" -> node.setNeutralOnly("mode", new Attribute.Text("linear"));
                case "bicubic" -> node.setNeutralOnly("mode", new Attribute.Text("cubic"));
                default -> {}
            }
        }
    }

    private static void oldGridSample(NativeDraft node, int opset) {
        if (opset < 20) {
            switch (node.textAttribute("mode", "linear")) {
                case "linear" -> node.setAttribute("mode", new Attribute.Text("bilinear"));
                case "cubic" -> node.setAttribute("mode", new Attribute.Text("bicubic"));
                default -> {}
            }
        }
    }

    private static void roiAlign(NodeDraft node, int opset) {
        if (opset < 16) {
            node.setNeutralOnly("coordinate_transformation_mode", new Attribute.Text("output_half_pixel"));
        }
    }

    private static void oldRoiAlign(NativeDraft node, int opset) {
        if (opset < 16) {
            node.attributes.remove("coordinate_transformation_mode");
        }
    }

    private static void dft(NodeDraft node, int opset) {
        if (opset < 20) {
            long axis = node.intAttribute("axis", 1);
            node.attributes.remove("axis");
            node.addInput("axis", 2, Tensors.longs(List.of(), axis), AttributeForm.INT);
        }
    }

    private static void oldDft(NativeDraft node, int opset) {
        if (opset < 20) {
            node.toAttribute(2, "axis", AttributeForm.INT);
        }
    }

    private static void scan(NodeDraft node, int opset) {
        if (opset < 9) {
            throw unsupported(node, "of opset 8 has a batch axis that later opsets dropped; export the model again");
        }
    }

    private static InvalidInputException unsupported(NodeDraft node, String what) {
        return node.surroundings()
                .broken(node.operator + " " + Quoted.name(node.node().id()) + " " + what);
    }
}
