package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.adapter.support.LiftedModel;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the graphs of one model share while they are lifted. Not thread-safe. */
final class LiftState {

    final ModelSource source;
    final int opset;
    final Names names;
    final KnownTypes types;

    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, ConstantBinding> constantBindings = new HashMap<>();
    private final Map<String, NodeBinding> nodeBindings = new HashMap<>();

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

    LiftedModel<ConstantBinding, NodeBinding> lifted(Graph graph) {
        return new LiftedModel<>(graph, constantBindings, nodeBindings);
    }

    InvalidInputException broken(String what) {
        return new InvalidInputException(source.file() + ": " + what);
    }
}
