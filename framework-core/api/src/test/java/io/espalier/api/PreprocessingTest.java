package io.espalier.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @DisplayName("Files that image models ship are read as options of data")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`image_processor_type`:`ConvNextImageProcessor`,`do_resize`:true,`size`:{`shortest_edge`:256},"
                        + "`resample`:3,`do_center_crop`:true,`crop_size`:{`height`:224,`width`:200},`do_rescale`:true,"
                        + "`rescale_factor`:0.00392156862745098,`do_normalize`:true,`image_mean`:[0.485,0.456,0.406],"
                        + "`image_std`:[0.229,0.224,0.225]}"
                        + "|crop=224x200 interpolation=bicubic mean=0.485,0.456,0.406 resize=256 scale=0.00392156862745098"
                        + " std=0.229,0.224,0.225",
                "{`do_normalize`:false,`do_resize`:true,`size`:{`height`:224,`width`:224},`resample`:2,"
                        + "`do_flip_channel_order`:true}|colour=bgr interpolation=bilinear resize=224x224 scale=1/255",
                "{`architecture`:`resnet50`,`pretrained_cfg`:{`input_size`:[3,224,224],`interpolation`:`bicubic`,"
                        + "`crop_pct`:0.95,`mean`:[0.5,0.5,0.5],`std`:[0.25,0.25,0.25]}}"
                        + "|crop=224x224 interpolation=bicubic mean=0.5,0.5,0.5 resize=235 scale=1/255 std=0.25,0.25,0.25",
                "{`architecture`:`vit`,`pretrained_cfg`:{`input_size`:[3,32,32],`crop_mode`:`squash`,`crop_pct`:1.0}}"
                        + "|crop=32x32 interpolation=bicubic mean=0.485,0.456,0.406 resize=32x32 scale=1/255"
                        + " std=0.229,0.224,0.225",
                "{`image_processor_type`:`ConvNextImageProcessor`,`size`:{`shortest_edge`:224},`crop_pct`:0.875,`resample`:3,"
                        + "`do_normalize`:false}|crop=224x224 interpolation=bicubic resize=256 scale=1/255",
                "{`image_processor_type`:`ConvNextImageProcessor`,`size`:384,`crop_pct`:0.875,`do_normalize`:false}"
                        + "|interpolation=bilinear resize=384x384 scale=1/255",
                "{`feature_extractor_type`:`ViTFeatureExtractor`,`size`:224,`do_resize`:true,`do_normalize`:false,`do_rescale`:false}"
                        + "|interpolation=bilinear resize=224x224 scale=1",
                "{`feature_extractor_type`:`CLIPFeatureExtractor`,`size`:224,`crop_size`:224,`do_resize`:true,"
                        + "`do_normalize`:false}|crop=224x224 interpolation=bilinear resize=224 scale=1/255",
                "{`resize`:`32x28`,`mean`:[1,2,3],`scale`:1}|mean=1,2,3 resize=32x28 scale=1"
            })
    void shippedFiles(String json, String expected) throws IOException {
        Map<String, String> options = Preprocessing.read(write(json.replace('`', '"')));
        assertThat(options.entrySet().stream().map(Object::toString).collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("What is no preprocessing is refused with the name of the file")
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"hidden\":3}",
                "{\"image_mean\":[],\"do_normalize\":true}",
                "{\"do_normalize\":true,\"size\":{\"longest_edge\":3}}",
                "{\"do_normalize\":false,\"size\":3,\"resample\":5}",
                "{\"pretrained_cfg\":{\"input_size\":[3]}}"
            })
    void others(String json) throws IOException {
        Path file = write(json);
        assertThatThrownBy(() -> Preprocessing.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("preprocessor_config.json");
    }

    @ParameterizedTest
    @DisplayName("What is not known or of a wrong kind is named")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'do_resize':'yes','size':3}|do_resize is \"yes\"; expected true or false",
                "{'do_resize':true,'size':0}|size is 0; expected a whole number of pixels",
                "{'do_resize':true}|size is missing; expected",
                "{'do_resize':true,'size':{'shortest_edge':800,'longest_edge':1333}}|longest_edge",
                "{'do_resize':true,'size':7,'resample':1}|resample is 1; expected 0 (nearest)",
                "{'do_resize':false,'do_pad':true}|asks for do_pad",
                "{'do_resize':false,'image_mean':[0.5,'x'],'image_std':[1]}|image_mean is [0.5,\"x\"]; expected a list of numbers",
                "{'do_resize':false,'image_mean':[0.5]}|image_std is missing",
                "{'do_rescale':true,'rescale_factor':-1}|rescale_factor is -1; expected a number above 0",
                "{'do_center_crop':true,'crop_size':'x'}|crop_size is \"x\"",
                "{'pretrained_cfg':7}|pretrained_cfg is 7; expected an object",
                "{'pretrained_cfg':{'input_size':[3,224,192]}}|input_size is [3,224,192]",
                "{'pretrained_cfg':{'input_size':[3,2,2],'crop_mode':'border'}}|crop_mode is \"border\"",
                "{'pretrained_cfg':{'input_size':[3,2,2],'interpolation':'box'}}|interpolation is \"box\"",
                "{'pretrained_cfg':{'input_size':[3,2,2],'crop_pct':0}}|crop_pct is 0",
                "{'resize':{'a':3}}|resize is"
            })
    void wrongValues(String json, String said) throws IOException {
        Path file = write(json.replace('\'', '"'));
        assertThatThrownBy(() -> Preprocessing.read(file))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .hasLineCount(1)
                .contains("preprocessor_config.json", said, "--preprocess none");
    }

    @Test
    @DisplayName("What lies beside a model counts when it speaks of images, less than what is named or given")
    void besideTheModel() throws IOException {
        Path model = folder.resolve("model.onnx");
        Optional<Path> here = Optional.of(model);
        assertThat(Shipped.of(Optional.empty(), here).options()).isEmpty();
        Path config = Files.writeString(folder.resolve("config.json"), "{\"hidden_size\":3}");
        assertThat(Shipped.of(Optional.empty(), here).options()).isEmpty();
        Files.writeString(config, "{\"pretrained_cfg\":{\"input_size\":[3,8,8]}}");
        assertThat(Shipped.of(Optional.empty(), here).options()).containsEntry("crop", "8x8");
        Path processor = write("{\"feature_extractor_type\":\"Sound\",\"do_normalize\":true,\"sampling_rate\":3}");
        assertThat(Shipped.of(Optional.empty(), here).options()).containsEntry("crop", "8x8");
        write("{\"do_resize\":true,\"size\":9,\"image_mean\":[0.5],\"image_std\":[2]}");
        Shipped found = Shipped.of(Optional.empty(), here);
        assertThat(found.options()).containsEntry("resize", "9x9");
        Map<String, String> counting = found.besides(Map.of("scale", "1"), Set.of("resize", "scale", "mean", "std"));
        assertThat(counting).containsOnlyKeys("resize");
        assertThat(found.note(counting))
                .hasValueSatisfying(note ->
                        assertThat(note).contains("preprocessor_config.json", "resize=9x9", "--preprocess none"));
        assertThat(found.besides(Map.of("resize", "3"), Set.of("resize", "scale", "mean", "std")))
                .containsOnlyKeys("scale", "mean", "std");
        assertThat(Shipped.of(Optional.of(Path.of("none")), here).options()).isEmpty();
        assertThat(Shipped.of(Optional.of(config), here).note(Map.of("a", "b"))).isEmpty();
        Path words = Files.writeString(folder.resolve("vocab.txt"), "a");
        Shipped withWords = Shipped.of(Optional.of(Path.of("none")), here);
        assertThat(withWords.besides(Map.of(), Set.of("tokenizer")))
                .containsExactly(Map.entry("tokenizer", words.toString()));
        assertThat(withWords.besides(Map.of("tokenizer", "x"), Set.of("tokenizer")))
                .isEmpty();
        assertThat(withWords.besides(Map.of(), Set.of("resize"))).isEmpty();
        Files.writeString(processor, "{");
        assertThatThrownBy(() -> Shipped.of(Optional.empty(), here))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    @DisplayName("Scales are numbers or fractions; mean and deviation need one")
    void scaling() {
        assertThat(ScalingOptions.of(Map.of("scale", "1/255", "mean", "0.5, 0.25", "std", "2"))
                        .scale())
                .isEqualTo(1.0 / 255);
        for (Map<String, String> wrong : List.of(
                Map.of("mean", "0.5"),
                Map.of("scale", "a"),
                Map.of("scale", "1/0"),
                Map.of("scale", "1", "std", "0"),
                Map.of("scale", "1", "mean", "1,2", "std", "1,2,3"))) {
            assertThatThrownBy(() -> ScalingOptions.of(wrong)).isInstanceOf(InvalidInputException.class);
        }
    }

    private Path write(String json) throws IOException {
        return Files.writeString(folder.resolve("preprocessor_config.json"), json);
    }
}
