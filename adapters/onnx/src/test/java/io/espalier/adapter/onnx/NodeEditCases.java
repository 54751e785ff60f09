package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** What tests of edits of nodes share. */
abstract class NodeEditCases {

    @TempDir
    Path folder;

    final ModelProto write(TestingProto proto, Edit... edits) {
        Path file = proto.save(folder.resolve("model.onnx"));
        Path target = folder.resolve("edited.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(target, List.of(edits), Map.of());
            return ModelProto.parseFrom(Files.readAllBytes(target));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    final void assertRefused(TestingProto proto, String sentence, Edit... edits) {
        assertThatThrownBy(() -> write(proto, edits))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
        assertThat(folder.resolve("edited.onnx")).doesNotExist();
    }

    final void assertWrong(TestingProto proto, String sentence, Edit... edits) {
        assertThatThrownBy(() -> write(proto, edits))
                .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class)
                .hasMessage(sentence);
        assertThat(folder.resolve("edited.onnx")).doesNotExist();
    }

    static Edit add(Node node) {
        return new Edit.AddNode(node, Map.of());
    }

    static Edit add(String operator, String inputs, String output) {
        return add(Node.of(operator, List.of(inputs.split(" ")), List.of(output), Map.of()));
    }

    static TestingProto relu(int opset) {
        return TestingProto.opset(opset)
                .input("x", DataType.FLOAT32, 2, 3)
                .constant("w", Tensors.floats(List.of(3L), 1, 2, 3))
                .node("Relu", "x", "r")
                .node("Mul", "r w", "y")
                .output("y", DataType.FLOAT32);
    }
}
