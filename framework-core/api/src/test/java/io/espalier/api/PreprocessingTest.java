package io.espalier.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
