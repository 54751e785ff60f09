package io.espalier.adapter.onnx;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.AttributeProto.AttributeType;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.TypeProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Builds small native models message by message, at any opset. */
final class TestingProto {

    private final ModelProto.Builder model = ModelProto.newBuilder();
    private final GraphProto.Builder graph = model.getGraphBuilder().setName("test");

    private TestingProto(int opset) {
        model.setIrVersion(opset < 9 ? 3 : 8);
        model.addOpsetImportBuilder().setDomain("").setVersion(opset);
    }

    static TestingProto opset(int opset) {
        return new TestingProto(opset);
    }

    /** A graph that is the body of a node. */
    static TestingProto body() {
        return new TestingProto(7);
    }

    ModelProto.Builder model() {
        return model;
    }

    GraphProto.Builder graph() {
        return graph;
    }

    /** An input; a negative extent is a symbol. */
    TestingProto input(String name, DataType type, long... dims) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.onnxNumber());
        tensor.getShapeBuilder();
        for (long dim : dims) {
            if (dim < 0) {
                tensor.getShapeBuilder().addDimBuilder().setDimParam("d" + -dim);
            } else {
                tensor.getShapeBuilder().addDimBuilder().setDimValue(dim);
            }
        }
        graph.addInput(ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor)));
        return this;
    }

    /** An input whose shape is not declared at all. */
    TestingProto unshapedInput(String name, DataType type) {
        graph.addInputBuilder()
                .setName(name)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(type.onnxNumber());
        return this;
    }

    TestingProto constant(String name, Tensor value) {
        graph.addInitializer(tensor(name, value));
        if (model.getIrVersion() < 4) {
            input(
                    name,
                    value.type(),
                    value.shape().stream().mapToLong(Long::longValue).toArray());
        }
        return this;
    }

    static TensorProto tensor(String name, Tensor value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(value.type().onnxNumber())
                .addAllDims(value.shape())
                .setRawData(ByteString.copyFrom(Tensors.toBytes(value)))
                .build();
    }

    /** A node; names are separated by blanks, a dash stands for an absent one. */
    TestingProto node(String operator, String inputs, String outputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(names(inputs))
                .addAllOutput(names(outputs))
                .addAllAttribute(Arrays.asList(attributes)));
        return this;
    }

    private static List<String> names(String names) {
        return names.isEmpty()
                ? List.of()
                : Arrays.stream(names.split(" "))
                        .map(name -> name.equals("-") ? "" : name)
                        .toList();
    }

    TestingProto output(String... names) {
        for (String name : names) {
            graph.addOutputBuilder().setName(name);
        }
        return this;
    }

    TestingProto output(String name, DataType type) {
        graph.addOutputBuilder()
                .setName(name)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(type.onnxNumber());
        return this;
    }

    ModelProto build() {
        return model.build();
    }

    Path save(Path file) {
        return save(model.build(), file);
    }

    static Path save(ModelProto model, Path file) {
        try {
            return Files.write(file, model.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute = attribute(name, AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    static AttributeProto integer(String name, long value) {
        return attribute(name, AttributeType.INT).setI(value).build();
    }

    static AttributeProto real(String name, double value) {
        return attribute(name, AttributeType.FLOAT).setF((float) value).build();
    }

    static AttributeProto reals(String name, double... values) {
        AttributeProto.Builder attribute = attribute(name, AttributeType.FLOATS);
        Arrays.stream(values).forEach(value -> attribute.addFloats((float) value));
        return attribute.build();
    }

    static AttributeProto text(String name, String value) {
        return attribute(name, AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto value(String name, Tensor value) {
        return attribute(name, AttributeType.TENSOR).setT(tensor("", value)).build();
    }

    static AttributeProto graph(String name, TestingProto body) {
        return attribute(name, AttributeType.GRAPH).setG(body.graph).build();
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }
}
