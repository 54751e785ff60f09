package io.espalier.adapter.onnx.lift;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;

/**
 * What changed in the standard operators between opset 7 and the neutral one. An operator that is not named here, or
 * whose changes only added types or attributes with neutral defaults, stays as it is.
 */
final class OperatorLifts {

    private OperatorLifts() {}

    /** Brings a node of the standard domain to the neutral opset. */
    static void lift(NodeDraft node, int opset) {
        switch (node.operator) {
            case "Squeeze", "Unsqueeze", "ReduceSum" -> axes(node, opset, 13);
            case "ReduceL1",
                    "ReduceL2",
                    "ReduceLogSum",
                    "ReduceLogSumExp",
                    "ReduceMax",
                    "ReduceMean",
                    "ReduceMin",
                    "ReduceProd",
                    "ReduceSumSquare" -> axes(node, opset, 18);
            case "Clip" -> clip(node, opset);
            case "Dropout" -> dropout(node, opset);
            case "Pad" -> pad(node, opset);
            case "Slice" -> slice(node, opset);
            case "Split" -> split(node, opset);
            case "TopK" -> topK(node, opset);
            case "Softmax", "LogSoftmax", "Hardmax" -> SoftmaxLift.lift(node, opset);
            case "Upsample", "Resize" -> ResizeLift.lift(node, opset);
            case "BatchNormalization" -> batchNormalization(node, opset);
            case "GroupNormalization" -> groupNormalization(node, opset);
            case "Scatter" -> node.operator = "ScatterElements";
            case "GridSample" -> gridSample(node, opset);
            case "RoiAlign" -> roiAlign(node, opset);
            case "DFT" -> dft(node, opset);
            case "Scan" -> scan(node, opset);
            case "QLinearConv", "QLinearMatMul", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger" ->
                QuantisedLifts.lift(node);
            default -> {}
        }
    }

    private static void axes(NodeDraft node, int opset, int since) {
        if (opset < since) {
            node.intsToInput("axes", 1);
        }
    }

    private static void clip(NodeDraft node, int opset) {
        if (opset < 11) {
            node.floatToInput("min", 1, node.firstInputType());
            node.floatToInput("max", 2, node.firstInputType());
        }
    }

    private static void dropout(NodeDraft node, int opset) {
        if (opset < 12) {
            node.floatToInput("ratio", 1, DataType.FLOAT32);
        }
    }

    private static void pad(NodeDraft node, int opset) {
        if (opset < 11) {
            node.intsToInput("pads", 1);
            node.floatToInput("value", 2, node.firstInputType());
        }
    }

    private static void slice(NodeDraft node, int opset) {
        if (opset < 10) {
            node.intsToInput("starts", 1);
            node.intsToInput("ends", 2);
            node.intsToInput("axes", 3);
        }
    }

    private static void split(NodeDraft node, int opset) {
        if (opset < 13) {
            node.intsToInput("split", 1);
        }
        if (opset < 18 && node.input(1).isEmpty()) {
            node.setNeutralOnly("num_outputs", new Attribute.Int(node.outputs.size()));
        }
    }

    private static void topK(NodeDraft node, int opset) {
        if (opset < 10) {
            node.intToInput("k", 1);
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
        node.before.add(Node.of("Reshape", List.of(x, target), List.of(grouped), Map.of()));
        node.operator = "InstanceNormalization";
        node.attributes.remove("num_groups");
        node.attributes.remove("stash_type");
        node.setInput(0, grouped);
        node.restoreShape(x, normalised);
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

    private static void roiAlign(NodeDraft node, int opset) {
        if (opset < 16) {
            node.setNeutralOnly("coordinate_transformation_mode", new Attribute.Text("output_half_pixel"));
        }
    }

    private static void dft(NodeDraft node, int opset) {
        if (opset < 20) {
            long axis = node.intAttribute("axis", 1);
            node.attributes.remove("axis");
            node.addInput("axis", 2, Tensors.longs(List.of(), axis), AttributeForm.INT);
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
