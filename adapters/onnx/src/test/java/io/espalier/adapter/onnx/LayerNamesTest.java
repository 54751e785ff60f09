package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.tensor.DataType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file says of the names of its layers. */
class LayerNamesTest {

    private static final String SCOPES = "pkg.torch.onnx.name_scopes";

    @TempDir
    Path folder;

    @Test
    @DisplayName("The name of a node, and the scope that newer exporters write beside it")
    void scopes() {
        NodeProto.Builder relu =
                NodeProto.newBuilder().setOpType("Relu").addInput("x").addOutput("y");

        assertThat(layer(relu.clone().setName("/layer4/0/relu/Relu")))
                .isEqualTo(new LayerName("", List.of("/layer4/0/relu/Relu")));
        assertThat(layer(with(
                        relu.clone().setName("node_relu"),
                        SCOPES,
                        "['', 'layer4', 'layer4.0', \"layer4.0.relu\", 'relu']")))
                .isEqualTo(new LayerName("layer4.0.relu", List.of("node_relu")));
        assertThat(
                        layer(
                                with(
                                        relu.clone(),
                                        "namespace",
                                        ": net.Res/layer4: torch.Sequential/layer4.0: net.Block/layer4.0.relu: torch.ReLU/relu: aten.relu")))
                .isEqualTo(new LayerName("layer4.0.relu", List.of()));
    }

    @Test
    @DisplayName("An operation of the outermost module, or a scope that cannot be read, has no module")
    void withoutModule() {
        NodeProto.Builder relu = NodeProto.newBuilder()
                .setOpType("Relu")
                .setName("a")
                .addInput("x")
                .addOutput("y");

        for (String value : List.of("['', 'relu']", "['relu']", "[]", "", "relu", "'", "[''")) {
            assertThat(layer(with(relu.clone(), SCOPES, value))).as(value).isEqualTo(new LayerName("", List.of("a")));
        }
    }

    @Test
    @DisplayName("A node without name and scope has none")
    void nameless() {
        assertThat(layers(NodeProto.newBuilder().setOpType("Relu").addInput("x").addOutput("y")))
                .isEmpty();
    }

    private static NodeProto.Builder with(NodeProto.Builder node, String key, String value) {
        node.addMetadataPropsBuilder().setKey(key).setValue(value);
        return node;
    }

    private LayerName layer(NodeProto.Builder node) {
        return layers(node).get("y");
    }

    private Map<String, LayerName> layers(NodeProto.Builder node) {
        TestingProto proto =
                TestingProto.opset(17).input("x", DataType.FLOAT32, 1, 4).output("y", DataType.FLOAT32);
        proto.graph().addNode(node);
        try (Model model = new OnnxAdapter().open(proto.save(folder.resolve("model.onnx")))) {
            return model.layers();
        }
    }
}
