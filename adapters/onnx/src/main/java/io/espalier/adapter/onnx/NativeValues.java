package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.ConstantBinding;
import io.espalier.adapter.onnx.lift.GraphPath;
import io.espalier.adapter.onnx.lift.LiftedProto;
import io.espalier.adapter.onnx.lift.NodeLowering;
import io.espalier.adapter.onnx.lift.NodeRef;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The native names of the values that added nodes read and make. Not thread-safe. */
final class NativeValues {

    private final LiftedProto lifted;
    private final Graph after;
    private final GraphProto.Builder graph;
    private final Initializers initializers;
    private final Map<String, ConstantBinding> bindings;
    private final FreshNames fresh;

    /** Names that removed nodes no longer need. */
    private final Set<String> free;

    /** What the file has in its main graph. */
    private final Set<String> kept = new HashSet<>();

    /** Native names of new values, by neutral name. */
    private final Map<String, String> names = new HashMap<>();

    NativeValues(
            LiftedProto lifted,
            Graph after,
            GraphProto.Builder graph,
            Initializers initializers,
            Map<String, ConstantBinding> bindings,
            FreshNames fresh,
            Set<String> free) {
        this.lifted = lifted;
        this.after = after;
        this.graph = graph;
        this.initializers = initializers;
        this.bindings = bindings;
        this.fresh = fresh;
        this.free = new HashSet<>(free);
        graph.getInputList().stream().map(ValueInfoProto::getName).forEach(kept::add);
        graph.getInitializerList().stream().map(TensorProto::getName).forEach(kept::add);
        graph.getNodeList().forEach(node -> kept.addAll(node.getOutputList()));
    }

    /** Names what an added node makes. */
    void define(Node node) {
        for (String output : node.outputs()) {
            if (lifted.foreign().contains(output)) {
                throw NodeLowering.refused(node, "the file has other numbers for " + Quoted.name(output));
            }
            define(output);
        }
    }

    /** Names a new value; the names of removed ones are used again, so that what reads them reads the new ones. */
    String define(String value) {
        return value.isEmpty()
                ? ""
                : names.computeIfAbsent(value, name -> free.remove(name) ? name : fresh.fresh(name));
    }

    /**
     * The name of what an added node reads.
     *
     * @throws io.espalier.spi.InvalidInputException when the file has no such value
     */
    String read(Node node, String value) {
        String known = value.isEmpty() ? "" : names.get(value);
        if (known != null) {
            return known;
        }
        Tensor constant = after.constants().get(value);
        if (constant != null) {
            String name = constant(value, constant);
            names.put(value, name);
            return name;
        }
        if (lifted.foreign().contains(value)) {
            throw NodeLowering.refused(node, "the file has other numbers for " + Quoted.name(value));
        }
        if (!kept.contains(value)) {
            throw NodeLowering.refused(
                    node, "it reads " + Quoted.name(value) + ", which lies inside of an operator of the file");
        }
        return value;
    }

    /** Constants that the file has elsewhere than in a tensor of the main graph are written once more. */
    private String constant(String name, Tensor value) {
        ConstantBinding binding = bindings.get(name);
        if (binding instanceof ConstantBinding.Initializer place
                && place.graph().equals(GraphPath.MAIN)) {
            return graph.getInitializer(place.index()).getName();
        }
        if (binding instanceof ConstantBinding.ConstantNode place
                && place.node().graph().equals(GraphPath.MAIN)) {
            return graph.getNode(place.node().index()).getOutput(0);
        }
        String own = define(name);
        initializers.store(initializers.add(GraphPath.MAIN, own), value);
        return own;
    }

    /** Writes a constant that only the written form of a node reads. */
    void addConstant(String name, Tensor value) {
        names.put(name, name);
        initializers.store(initializers.add(GraphPath.MAIN, name), value);
    }

    /** The graph that a constant lies in. */
    static Optional<GraphPath> path(ConstantBinding binding) {
        return binding instanceof ConstantBinding.Initializer place
                ? Optional.of(place.graph())
                : node(binding).map(NodeRef::graph);
    }

    /** The node that a constant is, or is an attribute of. */
    static Optional<NodeRef> node(ConstantBinding binding) {
        if (binding instanceof ConstantBinding.ConstantNode place) {
            return Optional.of(place.node());
        }
        return binding instanceof ConstantBinding.NodeAttribute place ? Optional.of(place.node()) : Optional.empty();
    }
}
