package io.espalier.plugin.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.ProviderContract;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFolderReaderTest extends ProviderContract<DatasetReader> {

    private static final int HEIGHT = 17;
    private static final int WIDTH = 29;

    @TempDir
    Path folder;

    ImageFolderReaderTest() {
        super(DatasetReader.class);
    }

    @Override
    protected DatasetReader provider() {
        return new ImageFolderReader();
    }

    /** Recorded from torchvision 0.29 on a Pillow image: Resize(10), CenterCrop(8); ours may differ by one level. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bilinear|117,126,130,128,135,146,142,130,122,95,128,130,126,166,146,162,118,90,93,102,146,130,168,137",
                "bicubic|120,127,131,128,135,147,147,130,122,83,124,134,124,177,152,178,118,75,76,90,158,131,181,139"
            })
    void resizedAndCroppedAsByTorchvision(String interpolation, String firstRow) throws IOException {
        picture("a.png", HEIGHT, WIDTH);
        Tensor image = open(Map.of("resize", "10", "crop", "8", "layout", "nhwc", "interpolation", interpolation))
                .arrays()
                .get("image");
        assertThat(image.shape()).containsExactly(1L, 8L, 8L, 3L);
        long[] expected =
                Arrays.stream(firstRow.split(",")).mapToLong(Long::parseLong).toArray();
        long[] found = Tensors.toLongs(image);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).as("element %d", i).isCloseTo(expected[i], within(1L));
        }
    }

    /** Recorded from Pillow 13: resize((33, 20), BILINEAR). */
    @Test
    void enlargedAsByPillow() throws IOException {
        picture("a.png", HEIGHT, WIDTH);
        long[] found = Tensors.toLongs(
                open(Map.of("resize", "20x33", "layout", "nhwc")).arrays().get("image"));
        assertThat(Arrays.stream(found).sum()).isCloseTo(251508, within(400L));
        assertThat(Arrays.copyOfRange(found, 3 * (3 * 33 + 4), 3 * (3 * 33 + 4) + 3))
                .containsExactly(157, 155, 141);
        assertThat(Arrays.copyOfRange(found, found.length - 3, found.length)).containsExactly(252, 49, 102);
    }

    @Test
    void greyHasTheWeightsOfPillow() throws IOException {
        picture("a.png", HEIGHT, WIDTH);
        long[] found = Tensors.toLongs(open(Map.of("colour", "grey")).arrays().get("image"));
        assertThat(Arrays.copyOf(found, 12)).containsExactly(43, 80, 117, 154, 191, 199, 86, 46, 83, 120, 157, 165);
    }

    @Test
    void shadesOfGreyAreTakenAsStored() throws IOException {
        BufferedImage image = new BufferedImage(4, 2, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 8; i++) {
            image.getRaster().setSample(i % 4, i / 4, 0, 30 * i);
        }
        ImageIO.write(image, "png", folder.resolve("grey.png").toFile());
        assertThat(Tensors.toLongs(open(Map.of("colour", "grey")).arrays().get("image")))
                .containsExactly(0, 30, 60, 90, 120, 150, 180, 210);
        assertThat(open(Map.of()).arrays().get("image").shape()).containsExactly(1L, 3L, 2L, 4L);
    }

    @Test
    void channelsLieAndFollowAsAskedFor() throws IOException {
        picture("a.png", 2, 2);
        assertThat(Tensors.toLongs(open(Map.of()).arrays().get("image")))
                .containsExactly(0, 37, 91, 135, 53, 90, 144, 188, 106, 143, 197, 241);
        assertThat(Tensors.toLongs(
                        open(Map.of("layout", "nhwc", "colour", "bgr")).arrays().get("image")))
                .containsExactly(106, 53, 0, 143, 90, 37, 197, 144, 91, 241, 188, 135);
    }

    @Test
    void foldersAreClassesInTheOrderOfTheirNames() throws IOException {
        for (String name : new String[] {"zebra/1.png", "ant/2.JPG", "ant/1.jpeg", "ant/notes.txt", "bee/1.png"}) {
            Files.createDirectories(folder.resolve(name).getParent());
            if (name.endsWith("txt")) {
                Files.writeString(folder.resolve(name), "no image");
            } else {
                picture(name, 6, 5);
            }
        }
        Dataset data = open(Map.of());
        assertThat(data.size()).isEqualTo(4);
        assertThat(Tensors.toLongs(data.arrays().get("label"))).containsExactly(0, 0, 1, 2);
        assertThat(provider().recognises(folder, new byte[0])).isTrue();
        assertThat(provider().recognises(folder.resolve("missing"), new byte[0]))
                .isFalse();
    }

    @Test
    void brokenImagesAreCountedAndNamed() throws IOException {
        picture("a.png", 6, 5);
        byte[] sound = Files.readAllBytes(folder.resolve("a.png"));
        Files.write(folder.resolve("b.png"), Arrays.copyOf(sound, sound.length / 2));
        Files.writeString(folder.resolve("c.jpg"), "no image");
        Files.write(folder.resolve("d.png"), new byte[0]);
        Dataset data = open(Map.of());
        assertThat(data.size()).isEqualTo(1);
        assertThat(data.arrays()).containsOnlyKeys("image");
        assertThat(data.notes())
                .singleElement()
                .asString()
                .contains("3 of 4 images", "'b.png'", "'c.jpg' (neither JPEG nor PNG)", "'d.png'");
        Files.delete(folder.resolve("a.png"));
        assertThatThrownBy(() -> open(Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none of the 3 images");
    }

    @Test
    void hugeSizesAreRefusedBeforeTheyAreDecoded() throws IOException {
        picture("a.png", 6, 5);
        byte[] content = Files.readAllBytes(folder.resolve("a.png"));
        content[16] = 0x70;
        Files.write(folder.resolve("a.png"), content);
        assertThatThrownBy(() -> open(Map.of())).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void imagesOfSeveralSizesNeedASize() throws IOException {
        picture("a.png", 6, 5);
        picture("b.png", 5, 6);
        assertThatThrownBy(() -> open(Map.of()).arrays())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("differ in size");
        assertThat(open(Map.of("crop", "7")).arrays().get("image").shape()).containsExactly(2L, 3L, 7L, 7L);
        for (String wrong : new String[] {"0", "-1", "axb", "7x", "1x2x3", "99999"}) {
            assertThatThrownBy(() -> open(Map.of("resize", wrong)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(wrong);
        }
    }

    private Dataset open(Map<String, String> typed) {
        Options options = Options.resolve("images", provider().options(), typed);
        return provider().open(folder, options, new TestingRunContext(0));
    }

    private void picture(String name, int height, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int base = x * 37 + y * 91 + x * y * 7;
                int green = (base + 53) % 256;
                image.setRGB(x, y, base % 256 << 16 | green << 8 | (base + 106) % 256);
            }
        }
        String format = name.endsWith("png") ? "png" : "jpg";
        assertThat(ImageIO.write(image, format, folder.resolve(name).toFile())).isTrue();
    }
}
