package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.ConstantBinding;
import io.espalier.adapter.onnx.lift.GraphPath;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.spi.tensor.Tensor;

/** Adds initializers to a native model and gives them values. Not thread-safe. */
final class Initializers {

    /** Before this version of the format every initializer had to be listed as an input too. */
    private static final int IR_WITHOUT_INITIALIZER_INPUTS = 4;

    private final ModelProto.Builder model;
    private final ModelImage.Additions payloads;

    Initializers(ModelProto.Builder model, ModelImage.Additions payloads) {
        this.model = model;
        this.payloads = payloads;
    }

    /** Adds an initializer without a value. */
    ConstantBinding.Initializer add(GraphPath path, String name) {
        GraphProto.Builder graph = path.in(model);
        graph.addInitializer(TensorProto.newBuilder().setName(name));
        if (model.getIrVersion() < IR_WITHOUT_INITIALIZER_INPUTS && path.equals(GraphPath.MAIN)) {
            graph.addInputBuilder().setName(name);
        }
        return new ConstantBinding.Initializer(path, graph.getInitializerCount() - 1);
    }

    void store(ConstantBinding.Initializer binding, Tensor value) {
        GraphProto.Builder graph = binding.graph().in(model);
        TensorProto.Builder initializer = graph.getInitializerBuilder(binding.index());
        payloads.store(initializer, value);
        graph.getInputBuilderList().stream()
                .filter(input -> input.getName().equals(initializer.getName()))
                .forEach(input -> StaleShapes.declare(input, value));
    }
}
