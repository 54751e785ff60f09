package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.adapter.support.LiftedModel;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the graphs of one model share while they are lifted. Not thread-safe. */
final class LiftState {

    final ModelSource source;
    final int opset;
    final Names names;
    final KnownTypes types;

    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, ConstantBinding> constantBindings = new HashMap<>();
    private final Map<String, NodeBinding> nodeBindings = new HashMap<>();

    private final Map<String, Origin> origins = new HashMap<>();
    private final Set<String> foreign = new HashSet<>();
    private final Map<String, List<String>> texts = new HashMap<>();
    private final List<String> refusals = new ArrayList<>();

    LiftState(ModelSource source, GraphProto graph, int opset, KnownTypes types) {
        this.source = source;
        this.opset = opset;
        this.names = new Names(graph);
        this.types = types;
    }

    Optional<Tensor> constant(String value) {
        return Optional.ofNullable(tensors.get(value));
    }

    void addConstant(String name, Tensor tensor, ConstantBinding binding) {
        tensors.put(name, tensor);
        constantBindings.put(name, binding);
        types.declare(name, tensor);
    }

    void addNode(String id, NodeBinding binding) {
        nodeBindings.put(id, binding);
    }

    void addOrigin(Origin origin) {
        origin.yields().forEach(id -> origins.put(id, origin));
    }

    /** Says that a value is another one in the file. */
    void addForeign(String value) {
        foreign.add(value);
    }

    /** Says that an input holds positions in a list of texts, and texts in the file. */
    void addTexts(String input, List<String> known) {
        texts.put(input, known);
    }

    /** Refuses the model when it is lifted for the last time. */
    void refuseAtLast(String what) {
        refusals.add(what);
    }

    /**
     * The lifted model.
     *
     * @throws InvalidInputException when a node could not be lifted for want of types
     */
    LiftedProto lifted(Graph graph, ModelProto proto) {
        if (!refusals.isEmpty()) {
            throw broken(refusals.get(0));
        }
        return new LiftedProto(
                new LiftedModel<>(graph, constantBindings, nodeBindings), proto, opset, origins, foreign, texts);
    }

    InvalidInputException broken(String what) {
        return new InvalidInputException(source.file() + ": " + what);
    }
}
