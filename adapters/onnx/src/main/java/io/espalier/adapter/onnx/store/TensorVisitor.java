package io.espalier.adapter.onnx.store;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.SparseTensorProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import java.util.function.Consumer;

/** Shows every tensor message of a model under construction to a consumer, in the order of the file. */
final class TensorVisitor {

    private final Consumer<TensorProto.Builder> initializers;
    private final Consumer<TensorProto.Builder> others;

    /**
     * A visitor.
     *
     * @param initializers sees initializers of graphs
     * @param others sees tensors in attributes and in sparse tensors
     */
    TensorVisitor(Consumer<TensorProto.Builder> initializers, Consumer<TensorProto.Builder> others) {
        this.initializers = initializers;
        this.others = others;
    }

    void visit(ModelProto.Builder model) {
        visit(model.getGraphBuilder());
        model.getTrainingInfoBuilderList().forEach(training -> {
            if (training.hasInitialization()) {
                visit(training.getInitializationBuilder());
            }
            if (training.hasAlgorithm()) {
                visit(training.getAlgorithmBuilder());
            }
        });
        model.getFunctionsBuilderList().forEach(function -> {
            function.getNodeBuilderList().forEach(this::visit);
            function.getAttributeProtoBuilderList().forEach(this::visit);
        });
    }

    private void visit(GraphProto.Builder graph) {
        graph.getNodeBuilderList().forEach(this::visit);
        graph.getInitializerBuilderList().forEach(initializers);
        graph.getSparseInitializerBuilderList().forEach(this::visit);
    }

    private void visit(NodeProto.Builder node) {
        node.getAttributeBuilderList().forEach(this::visit);
    }

    private void visit(AttributeProto.Builder attribute) {
        if (attribute.hasT()) {
            others.accept(attribute.getTBuilder());
        }
        if (attribute.hasG()) {
            visit(attribute.getGBuilder());
        }
        attribute.getTensorsBuilderList().forEach(others);
        attribute.getGraphsBuilderList().forEach(this::visit);
        if (attribute.hasSparseTensor()) {
            visit(attribute.getSparseTensorBuilder());
        }
        attribute.getSparseTensorsBuilderList().forEach(this::visit);
    }

    private void visit(SparseTensorProto.Builder sparse) {
        if (sparse.hasValues()) {
            others.accept(sparse.getValuesBuilder());
        }
        if (sparse.hasIndices()) {
            others.accept(sparse.getIndicesBuilder());
        }
    }
}
