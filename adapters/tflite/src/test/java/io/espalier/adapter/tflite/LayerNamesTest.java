package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.layer.FileNames;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.LayerName;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of layers, which the converter keeps in the names of tensors. */
class LayerNamesTest {

    @Test
    @DisplayName("Of the operations that were merged, the one with the weights comes first")
    void merged() throws URISyntaxException {
        Map<String, LayerName> layers = layers("/networks/mobilenet-v2.float.tflite");

        assertThat(layers.values())
                .extracting(LayerName::operators)
                .filteredOn(names -> names.size() > 1)
                .isNotEmpty()
                .anySatisfy(names -> assertThat(names.get(0)).endsWith("/convolution"))
                .anySatisfy(names -> assertThat(names.get(0)).endsWith("/depthwise"))
                .noneMatch(LayerNamesTest::hidesKernel);
    }

    /** Whether a name before that of the convolution comes first. */
    private static boolean hidesKernel(List<String> names) {
        return names.stream().anyMatch(name -> name.endsWith("/convolution") || name.endsWith("/depthwise"))
                && !names.get(0).endsWith("/convolution")
                && !names.get(0).endsWith("/depthwise");
    }

    @Test
    @DisplayName("Every node of an operator has the name of its output, whatever nodes it was lifted to")
    void everyNode() throws URISyntaxException {
        try (Model model = open("/networks/lstm.float.tflite")) {
            assertThat(model.layers().keySet())
                    .containsAll(model.graph().nodes().stream()
                            .map(node -> node.id())
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet", "transformer", "lstm", "unet", "densenet-open", "mobilenet-v3-open", "detector"})
    @DisplayName("Every value of a quantised network is called by a name that the file has")
    void valuesHaveNamesOfTheFile(String network) throws Exception {
        String file = "/networks/" + network + ".int8.tflite";
        String bytes =
                Files.readString(Path.of(LayerNamesTest.class.getResource(file).toURI()), StandardCharsets.ISO_8859_1);
        try (Model model = open(file)) {
            FileNames names = FileNames.of(model);

            assertThat(model.graph().nodes())
                    .allSatisfy(node -> assertThat(Stream.concat(node.inputs().stream(), node.outputs().stream()))
                            .filteredOn(value -> !value.isEmpty())
                            .allSatisfy(value -> assertThat(bytes).contains(names.of(value))));
            assertThat(model.graph().constants().keySet()).anyMatch(value -> !model.isInFile(value));
        }
    }

    private static Map<String, LayerName> layers(String file) throws URISyntaxException {
        try (Model model = open(file)) {
            return model.layers();
        }
    }

    private static Model open(String file) throws URISyntaxException {
        return new TfliteAdapter()
                .open(Path.of(LayerNamesTest.class.getResource(file).toURI()));
    }
}
