package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.LiftedProto;
import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.lift.NodeBinding;
import io.espalier.adapter.onnx.lift.Origin;
import io.espalier.adapter.onnx.lift.SlotBinding;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Leaves operands of native sums of the main graph out, with all that led to an output through them alone. */
final class NodeOmissions {

    private final LiftedProto lifted;
    /** What is read in the place of sums of which one operand remains. */
    private final Map<String, String> stand = new LinkedHashMap<>();

    NodeOmissions(LiftedProto lifted) {
        this.lifted = lifted;
    }

    /**
     * Leaves operands out; the places of nodes that go with them stay, empty.
     *
     * @return the indices of the emptied places
     */
    Set<Integer> apply(List<Edit.Omit> omits, GraphProto.Builder graph) {
        Set<Integer> emptied = new HashSet<>();
        if (omits.isEmpty()) {
            return emptied;
        }
        Set<Integer> before = leading(graph);
        Edit.Omit.bySum(omits)
                .forEach((sum, slots) -> leaveOut(sum, slots, graph).ifPresent(emptied::add));
        emptied.forEach(index -> graph.setNode(index, NodeProto.getDefaultInstance()));
        redirect(graph);
        before.removeAll(leading(graph));
        before.removeIf(index -> graph.getNode(index).getInputCount() == 0);
        emptyWithReaders(before, graph);
        emptied.addAll(before);
        return emptied;
    }

    /** Empties the places of nodes and of those that read them, which nothing has needed before; constants are removed later. */
    private static void emptyWithReaders(Set<Integer> indices, GraphProto.Builder graph) {
        Set<String> gone = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(indices);
        while (!open.isEmpty()) {
            int index = open.pop();
            gone.addAll(NativeNames.defined(graph.getNode(index)));
            graph.setNode(index, NodeProto.getDefaultInstance());
            for (int other = 0; open.isEmpty() && other < graph.getNodeCount(); other++) {
                NodeProto node = graph.getNode(other);
                if (NativeNames.read(node).stream().anyMatch(gone::contains) && indices.add(other)) {
                    open.add(other);
                }
            }
        }
    }

    /** The place of the sum, where nothing of it remains. */
    private OptionalInt leaveOut(String sum, Set<Integer> slots, GraphProto.Builder graph) {
        Origin origin = lifted.origins().get(sum);
        NodeBinding binding = lifted.model().nodes().get(sum);
        if (origin == null || binding == null || origin.yields().size() > 1) {
            throw refused(sum, "it is part of a larger operator of the file");
        }
        Set<Integer> inputs = new HashSet<>();
        for (int slot : slots) {
            if (!(binding.slot(slot) instanceof SlotBinding.Input input)) {
                throw refused(sum, "the file holds it in another form");
            }
            inputs.add(input.index());
        }
        int index = origin.node().index();
        NodeProto.Builder node = graph.getNodeBuilder(index);
        List<String> remaining = Edit.Omit.remaining(List.copyOf(node.getInputList()), inputs);
        if (remaining.size() == 1) {
            stand.put(node.getOutput(0), remaining.get(0));
            return OptionalInt.of(index);
        }
        node.clearInput().addAllInput(remaining);
        return OptionalInt.empty();
    }

    private static InvalidInputException refused(String sum, String reason) {
        return new InvalidInputException(
                "An operand of the operator that makes " + Quoted.name(sum) + " cannot be left out: " + reason + ".");
    }

    private void redirect(GraphProto.Builder graph) {
        for (int index = 0; index < graph.getNodeCount(); index++) {
            NodeProto node = graph.getNode(index);
            if (NativeNames.read(node).stream().anyMatch(stand::containsKey)) {
                redirect(graph.getNodeBuilder(index));
            }
        }
    }

    private void redirect(NodeProto.Builder node) {
        for (int slot = 0; slot < node.getInputCount(); slot++) {
            node.setInput(slot, read(node.getInput(slot)));
        }
        node.getAttributeBuilderList().stream()
                .filter(AttributeProto.Builder::hasG)
                .forEach(attribute -> redirect(attribute.getGBuilder()));
    }

    private String read(String value) {
        String read = value;
        while (stand.containsKey(read)) {
            read = stand.get(read);
        }
        return read;
    }

    /** The nodes on a way to an output of the graph. */
    private static Set<Integer> leading(GraphProto.Builder graph) {
        Map<String, Integer> makers = new HashMap<>();
        for (int index = 0; index < graph.getNodeCount(); index++) {
            for (String output : graph.getNode(index).getOutputList()) {
                makers.put(output, index);
            }
        }
        makers.remove("");
        Deque<String> wanted = new ArrayDeque<>();
        graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(wanted::add);
        Set<Integer> leading = new HashSet<>();
        while (!wanted.isEmpty()) {
            Integer index = makers.get(wanted.pop());
            if (index != null && leading.add(index)) {
                wanted.addAll(NativeNames.read(graph.getNode(index)));
            }
        }
        return leading;
    }
}
