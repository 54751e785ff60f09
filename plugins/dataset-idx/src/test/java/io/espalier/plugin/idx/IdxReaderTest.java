package io.espalier.plugin.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.DatasetReaderContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxReaderTest extends DatasetReaderContract {

    private static final byte[] IMAGES = idx(0x08, new int[] {2, 2, 3}, 0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255);
    private static final byte[] LABELS = idx(0x08, new int[] {2}, 7, 9);

    @Override
    protected DatasetReader reader() {
        return new IdxReader();
    }

    @Override
    protected byte[] validFile() {
        return IMAGES;
    }

    @ParameterizedTest
    @CsvSource({
        "train-images-idx3-ubyte, train-labels-idx1-ubyte",
        "t10k-images.idx3-ubyte, t10k-labels.idx1-ubyte",
        "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz",
        "train-images-idx3-ubyte, train-labels-idx1-ubyte.gz",
        "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte"
    })
    void imagesFindTheirLabels(String images, String labels) {
        write(labels, compressed(labels, LABELS));
        Dataset data = open(write(images, compressed(images, IMAGES)));
        assertThat(data.size()).isEqualTo(2);
        assertThat(data.arrays().keySet()).containsExactly("image", "label");
        assertThat(data.arrays().get("image").shape()).containsExactly(2L, 2L, 3L);
        assertThat(Tensors.toLongs(data.arrays().get("image")))
                .containsExactly(0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255);
        assertThat(Tensors.toLongs(data.arrays().get("label"))).containsExactly(7, 9);
    }

    @Test
    void otherNamesHaveNoLabelsUnlessTheyAreGiven() {
        Path labels = write("truth", LABELS);
        Path images = write("pictures", IMAGES);
        assertThat(open(images).arrays().keySet()).containsExactly("image");
        Dataset data = new IdxReader().open(images, labels.toString(), 1 << 20, new TestingRunContext(0));
        assertThat(data.arrays().keySet()).containsExactly("image", "label");
    }

    @ParameterizedTest
    @CsvSource({"9, 1, INT8", "11, 2, INT16", "12, 4, INT32", "13, 4, FLOAT32", "14, 8, FLOAT64"})
    void elementsOfEveryTypeAreRead(int code, int width, DataType type) {
        double[] values = {1, -2, 100, -3, 0, 5};
        ByteBuffer big = ByteBuffer.allocate(values.length * width);
        for (double value : values) {
            switch (type) {
                case INT8 -> big.put((byte) value);
                case INT16 -> big.putShort((short) value);
                case INT32 -> big.putInt((int) value);
                case FLOAT32 -> big.putFloat((float) value);
                default -> big.putDouble(value);
            }
        }
        byte[] content = idx(code, new int[] {2, 3}, unsigned(big.array()));
        for (String name : new String[] {"plain", "packed.gz"}) {
            Dataset data = open(write(name, compressed(name, content)));
            assertThat(data.arrays().get("image").type()).isEqualTo(type);
            assertThat(Tensors.toDoubles(data.arrays().get("image"))).containsExactly(values);
        }
    }

    @Test
    void labelsOfAnotherSetAreRefused() {
        write("a-labels-idx1-ubyte", idx(0x08, new int[] {3}, 1, 2, 3));
        assertRefused(write("a-images-idx3-ubyte", IMAGES), "2 examples", "3 labels");
    }

    @Test
    void headersThatLieAreRefused() {
        assertRefused(write("x", idx(0x08, new int[] {3, 2, 3}, 1, 2)), "18 bytes", "holds 2");
        assertRefused(write("x", idx(0x08, new int[] {0, 2}, 1)), "no examples");
        assertRefused(write("x", idx(0x0E, new int[] {-1, -1, -1, -1}, 1)), "impossible shape");
        assertRefused(write("x", gzip(idx(0x08, new int[] {-1, 200}, 1))), "so short a file");
        assertRefused(write("x", gzip(idx(0x08, new int[] {2, 2}, 1, 2, 3))), "ends after 3 of 4");
        assertRefused(write("x", gzip(idx(0x08, new int[] {2, 2}, 1, 2, 3, 4, 5))), "more than the 4 bytes");
        assertRefused(write("x", idx(0x0A, new int[] {2}, 1, 2)), "not an idx file");
    }

    @Test
    void compressedDataIsNotDecodedBeyondTheLimit() {
        Path file = write("x.gz", gzip(IMAGES));
        assertThat(new IdxReader()
                        .open(file, "auto", 12, new TestingRunContext(0))
                        .size())
                .isEqualTo(2);
        assertThatThrownBy(() -> new IdxReader().open(file, "auto", 11, new TestingRunContext(0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("x.gz", "12 bytes", "gunzip");
    }

    @Test
    void compressedFilesAreRecognisedAndBrokenOnesRefused() {
        byte[] packed = gzip(IMAGES);
        assertThat(reader().recognises(Path.of("x"), packed)).isTrue();
        assertThat(reader().recognises(Path.of("x"), gzip(new byte[] {'P', 'K', 3, 4})))
                .isFalse();
        for (int length = 0; length < packed.length; length++) {
            assertRefused(write("cut", Arrays.copyOf(packed, length)), "cut");
        }
    }

    private void assertRefused(Path file, String... words) {
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .hasLineCount(1)
                .contains(words);
    }

    private static int[] unsigned(byte[] bytes) {
        int[] values = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i];
        }
        return values;
    }

    private static byte[] idx(int type, int[] shape, int... elements) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + shape.length * Integer.BYTES + elements.length);
        bytes.put((byte) 0).put((byte) 0).put((byte) type).put((byte) shape.length);
        for (int extent : shape) {
            bytes.putInt(extent);
        }
        for (int element : elements) {
            bytes.put((byte) element);
        }
        return bytes.array();
    }

    private static byte[] compressed(String name, byte[] content) {
        return name.endsWith(".gz") ? gzip(content) : content;
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
