package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operators whose channels are the last axis, as the same operator with channels second between transpositions. */
final class ChannelsLast {

    private ChannelsLast() {}

    /** Turns a node whose attribute {@code channels_last} says so. */
    static void turnIfSo(NodeDraft node, int rank) {
        boolean last = isSo(node);
        node.attributes.remove("channels_last");
        if (last) {
            turn(node, rank, List.of(0));
        }
    }

    static boolean isSo(NodeDraft node) {
        return node.intAttribute("channels_last", 0) == 1;
    }

    /** How many axes the first operand of a pool has, -1 when nothing tells. */
    static int poolRank(NodeDraft node) {
        return node.attributes.get("kernel_shape") instanceof Attribute.Ints window
                ? window.values().size() + 2
                : node.rank(0);
    }

    /**
     * Turns a node.
     *
     * @param slots the operands that are images
     */
    static void turn(NodeDraft node, int rank, List<Integer> slots) {
        List<Long> inwards = new ArrayList<>(List.of(0L, rank - 1L));
        List<Long> outwards = new ArrayList<>(List.of(0L));
        for (long axis = 1; axis < rank - 1; axis++) {
            inwards.add(axis);
            outwards.add(axis + 1);
        }
        outwards.add(1L);
        for (int slot : slots) {
            if (node.input(slot).isPresent()) {
                String turned = node.fresh("turned" + slot);
                node.before.add(transpose(node.required(slot), turned, inwards));
                node.inputs.set(slot, turned);
            }
        }
        String result = node.fresh("turned");
        node.after.add(0, transpose(result, node.outputs.get(0), outwards));
        node.outputs.set(0, result);
    }

    private static Node transpose(String value, String result, List<Long> order) {
        return Node.of("Transpose", List.of(value), List.of(result), Map.of("perm", new Attribute.Ints(order)));
    }
}
