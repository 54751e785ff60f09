package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.ConstantBinding;
import io.espalier.adapter.onnx.lift.GraphPath;
import io.espalier.adapter.onnx.lift.LiftedProto;
import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.lift.NodeLowering;
import io.espalier.adapter.onnx.lift.Origin;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Carries nodes that edits add and remove into the main graph of a native model. Used once; not thread-safe. */
final class NodeEdits {

    private final LiftedProto lifted;
    private final Graph after;
    private final Map<String, ValueType> types;
    private final Initializers initializers;
    private final Map<String, ConstantBinding> bindings;
    private final FreshNames names;

    private final Set<String> added = new LinkedHashSet<>();
    private final Set<String> removed = new LinkedHashSet<>();
    private final List<Edit.Omit> omits = new ArrayList<>();

    /** What removed native nodes computed, by name. */
    private final Map<String, NodeProto> released = new HashMap<>();

    /**
     * Starts with no node.
     *
     * @param after the neutral graph after all edits
     * @param types the types of its values, as far as they are known
     * @param bindings where constants lie
     * @param names gives names that no value of the native model has
     */
    NodeEdits(
            LiftedProto lifted,
            Graph after,
            Map<String, ValueType> types,
            Initializers initializers,
            Map<String, ConstantBinding> bindings,
            FreshNames names) {
        this.lifted = lifted;
        this.after = after;
        this.types = types;
        this.initializers = initializers;
        this.bindings = bindings;
        this.names = names;
    }

    void add(String id) {
        added.add(id);
    }

    void remove(String id) {
        if (!added.remove(id)) {
            removed.add(id);
        }
    }

    /** Leaves an operand of a sum out that is one in the file, too. */
    void omit(Edit.Omit edit) {
        omits.add(edit);
    }

    boolean adds(String id) {
        return added.contains(id);
    }

    /**
     * Writes the nodes. Those that are removed leave an empty place, so that indices still hold; added ones come last.
     *
     * @return constants that nothing reads any more
     */
    Set<String> write(ModelProto.Builder model, ModelImage.Additions payloads) {
        GraphProto.Builder graph = model.getGraphBuilder();
        Set<Integer> emptied = new HashSet<>();
        removed.forEach(id -> emptied.add(release(id, graph)));
        emptied.addAll(new NodeOmissions(lifted).apply(omits, graph));
        bindings.values()
                .removeIf(binding -> NativeValues.path(binding)
                                .filter(path -> path.startsIn(emptied))
                                .isPresent()
                        || NativeValues.node(binding)
                                .filter(node -> node.graph().equals(GraphPath.MAIN) && emptied.contains(node.index()))
                                .isPresent());
        NativeValues values = new NativeValues(lifted, after, graph, initializers, bindings, names, released.keySet());
        NodeWriter writer = new NodeWriter(
                model, payloads, values, new NodeLowering(lifted.opset(), types, after.allConstants(), names::fresh));
        List<Node> nodes =
                after.nodes().stream().filter(node -> added.contains(node.id())).toList();
        nodes.forEach(values::define);
        nodes.forEach(node -> graph.addNode(writer.node(node)));
        requireWhole(graph.build());
        Set<String> unread =
                new LinkedHashSet<>(lifted.model().graph().constants().keySet());
        unread.removeAll(after.constants().keySet());
        return unread;
    }

    /** Empties the place of a node; returns its index. */
    private int release(String id, GraphProto.Builder graph) {
        Origin origin = lifted.origins().get(id);
        int index = origin.node().index();
        NodeProto node = lifted.proto().getGraph().getNode(index);
        if (!removed.containsAll(origin.yields())) {
            throw notAlone(id, origin, node);
        }
        NativeNames.defined(node).forEach(name -> released.put(name, node));
        graph.setNode(index, NodeProto.getDefaultInstance());
        return index;
    }

    private InvalidInputException notAlone(String id, Origin origin, NodeProto node) {
        String operator = lifted.model().graph().nodes().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow()
                .operator();
        return new InvalidInputException("The operator " + Quoted.name(operator) + " that makes " + Quoted.name(id)
                + " cannot be removed alone: " + Quoted.name(node.getOpType()) + " of the file is "
                + origin.yields().size() + " operators of the neutral graph, which are removed together: "
                + origin.yields().stream().map(Quoted::name).collect(Collectors.joining(", ")) + ".");
    }

    /** Removed operators may have made values that the neutral graph does not have, and that the file reads. */
    private void requireWhole(GraphProto graph) {
        Set<String> missing = new TreeSet<>(NativeNames.read(graph));
        missing.retainAll(released.keySet());
        missing.removeAll(NativeNames.defined(graph));
        missing.stream().findFirst().ifPresent(name -> {
            NodeProto node = released.get(name);
            throw new InvalidInputException("The operator " + Quoted.name(node.getOpType()) + " that makes "
                    + Quoted.name(node.getOutput(0)) + " cannot be removed: the file reads " + Quoted.name(name)
                    + ", which it makes too.");
        });
    }

    /** Closes the places of removed nodes, brings added ones to theirs, and forgets types that may be others now. */
    void settle(GraphProto.Builder graph) {
        List<NodeProto> nodes =
                List.copyOf(graph.getNodeList().subList(graph.getNodeCount() - added.size(), graph.getNodeCount()));
        NodeOrder.settle(graph, nodes.size());
        StaleShapes.forgetAfter(graph, nodes);
    }
}
