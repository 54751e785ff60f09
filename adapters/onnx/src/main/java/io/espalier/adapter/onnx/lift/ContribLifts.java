package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.lift.NodeDraft.Operand;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;

/**
 * Operators of onnxruntime that are another one in a special layout. Those that compute something of their own stay as
 * they are: the engine knows their index lines.
 */
final class ContribLifts {

    private static final String RUNTIME = "com.microsoft";
    private static final String LAYOUT = "com.ms.internal.nhwc";

    private ContribLifts() {}

    /** Lifts a node that is not of the standard domain; others stay as they are. */
    static void lift(NodeDraft node) {
        if (node.domain.equals(LAYOUT) && node.operator.equals("Conv")) {
            channelsLast(node, "", "Conv");
        } else if (node.domain.equals(LearnedLifts.DOMAIN)) {
            LearnedLifts.lift(node);
        } else if (node.domain.equals(RUNTIME)) {
            switch (node.operator) {
                case "NhwcConv" -> channelsLast(node, "", "Conv");
                case "NhwcFusedConv" -> channelsLast(node, RUNTIME, "FusedConv");
                case "NhwcMaxPool" -> pool(node);
                case "GroupQueryAttention" -> groupQueryAttention(node);
                default -> QuantisedLifts.lift(node);
            }
        }
    }

    private static void channelsLast(NodeDraft node, String domain, String operator) {
        int rank = node.rank(1);
        if (rank >= 3) {
            node.domain = domain;
            node.operator = operator;
            ChannelsLast.turn(node, rank, List.of(0, 3));
        }
    }

    private static void pool(NodeDraft node) {
        int rank = ChannelsLast.poolRank(node);
        if (rank >= 3) {
            node.domain = "";
            node.operator = "MaxPool";
            ChannelsLast.turn(node, rank, List.of(0));
        }
    }

    /** Where queries, keys and values are one operand, all queries come first, then all keys, then all values. */
    private static void groupQueryAttention(NodeDraft node) {
        long queries = node.intAttribute("num_heads", 0);
        long keys = node.intAttribute("kv_num_heads", 0);
        if (node.input(1).isPresent() || queries < 1 || keys < 1) {
            return;
        }
        List<String> parts = List.of(node.fresh("query"), node.fresh("key"), node.fresh("value"));
        String heads = reshaped(node, node.required(0), "heads", 0, 0, queries + 2 * keys, -1);
        Operand sizes =
                Operand.of(node.surroundings().addImplied(heads + "/sizes", Tensors.vector(queries, keys, keys)));
        node.before.add(
                node.part("Split", List.of(Operand.of(heads), sizes), parts, Map.of("axis", new Attribute.Int(2))));
        for (int slot = 0; slot < parts.size(); slot++) {
            node.setInput(slot, reshaped(node, parts.get(slot), "joined" + slot, 0, 0, -1));
        }
    }

    private static String reshaped(NodeDraft node, String value, String role, long... target) {
        String result = node.fresh(role);
        Operand shape = Operand.of(node.surroundings().addImplied(result + "/shape", Tensors.vector(target)));
        node.before.add(node.part("Reshape", List.of(Operand.of(value), shape), result, Map.of()));
        return result;
    }
}
