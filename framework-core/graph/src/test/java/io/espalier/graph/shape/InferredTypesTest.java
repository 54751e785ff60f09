package io.espalier.graph.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.TypeProto;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types that are inferred for adapters while they lift. */
class InferredTypesTest {

    @TempDir
    Path folder;

    @Test
    @DisplayName("Types follow from inputs as far as operators are known")
    void types() {
        ValueType image = new ValueType(
                DataType.FLOAT16, Optional.of(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(3))));
        Graph graph = new Graph(
                "types",
                Map.of("x", image),
                List.of("y"),
                List.of(
                        Node.of("Transpose", List.of("x"), List.of("t"), Map.of()),
                        new Node("org.example", "Wonder", List.of("t"), List.of("y"), Map.of())),
                Map.of(),
                Map.of());

        assertThat(Operators.standard().typesOf(graph))
                .containsEntry(
                        "t",
                        new ValueType(
                                DataType.FLOAT16,
                                Optional.of(List.of(new Dimension.Fixed(3), new Dimension.Unknown()))))
                .doesNotContainKey("y");
    }

    @Test
    @DisplayName("An old Softmax over the last of axes that no file declares is lifted as one node")
    void oldSoftmax() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("softmax");
        graph.addInputBuilder().setName("x").setType(floats(2, 3, 4));
        graph.addOutputBuilder().setName("y").setType(floats(4, 3, 2));
        graph.addNodeBuilder().setOpType("Transpose").addInput("x").addOutput("t");
        graph.addNodeBuilder()
                .setOpType("Softmax")
                .addInput("t")
                .addOutput("y")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(2));
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(7).setGraph(graph);
        model.addOpsetImportBuilder().setVersion(11);
        Path file = Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
        OnnxAdapter adapter = new OnnxAdapter();
        try (Model lifted = adapter.open(file, AdapterContext.of(adapter, Operators.standard()))) {
            assertThat(lifted.graph().nodes()).extracting(Node::operator).containsExactly("Transpose", "Softmax");
        }
        try (Model lifted = adapter.open(file)) {
            assertThat(lifted.graph().nodes()).extracting(Node::operator).contains("Flatten");
        }
    }

    private static TypeProto floats(long... extents) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
        for (long extent : extents) {
            tensor.getShapeBuilder().addDimBuilder().setDimValue(extent);
        }
        return TypeProto.newBuilder().setTensorType(tensor).build();
    }
}
