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
import java.util.Set;

/** Leaves native nodes of the main graph out, with all that led to an output through them alone. */
final class NodeBypasses {

    private final LiftedProto lifted;
    private final Map<String, String> stand = new LinkedHashMap<>();

    NodeBypasses(LiftedProto lifted) {
        this.lifted = lifted;
    }

    /**
     * Leaves nodes out; their places stay, empty.
     *
     * @return the indices of the emptied places
     */
    Set<Integer> apply(List<Edit.Bypass> bypasses, GraphProto.Builder graph) {
        Set<Integer> emptied = new HashSet<>();
        if (bypasses.isEmpty()) {
            return emptied;
        }
        Set<Integer> before = leading(graph);
        for (Edit.Bypass bypass : bypasses) {
            emptied.add(leaveOut(bypass, graph));
        }
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

    private int leaveOut(Edit.Bypass bypass, GraphProto.Builder graph) {
        Origin origin = lifted.origins().get(bypass.node());
        NodeBinding binding = lifted.model().nodes().get(bypass.node());
        if (origin == null || binding == null || origin.yields().size() > 1) {
            throw refused(bypass, "it is part of a larger operator of the file");
        }
        if (!(binding.slot(bypass.slot()) instanceof SlotBinding.Input input)) {
            throw refused(bypass, "the file holds its operands in another form");
        }
        int index = origin.node().index();
        NodeProto node = graph.getNode(index);
        stand.put(node.getOutput(0), node.getInput(input.index()));
        return index;
    }

    private static InvalidInputException refused(Edit.Bypass bypass, String reason) {
        return new InvalidInputException(
                "The operator that makes " + Quoted.name(bypass.node()) + " cannot be left out: " + reason + ".");
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
