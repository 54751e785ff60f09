package io.espalier.plugin.npz;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingNpz;
import io.espalier.testkit.contract.DatasetReaderContract;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzReaderTest extends DatasetReaderContract {

    private static final float[] IMAGE = {1, 2, 3, -4, 5.5f, 6};

    @Override
    protected DatasetReader reader() {
        return new NpzReader();
    }

    @Override
    protected byte[] validFile() {
        return sample().stored();
    }

    private static TestingNpz sample() {
        return new TestingNpz()
                .array("image", "<f4", "(2, 3)", TestingNpz.floats(LITTLE_ENDIAN, IMAGE))
                .array("label", "<i8", "(2,)", TestingNpz.longs(LITTLE_ENDIAN, 7, -1));
    }

    @Test
    void storedArraysStayInTheFile() {
        Dataset dataset = open(sample().stored());
        assertSample(dataset);
        assertThat(dataset.arrays().values()).allMatch(StoredArray.class::isInstance);
    }

    @Test
    void compressedArraysAreDecoded() {
        assertSample(open(sample().deflated()));
    }

    private static void assertSample(Dataset dataset) {
        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset.arrays().keySet()).containsExactly("image", "label");
        Tensor image = dataset.arrays().get("image");
        assertThat(image.type()).isEqualTo(DataType.FLOAT32);
        assertThat(image.shape()).containsExactly(2L, 3L);
        assertThat(Tensors.toFloats(image)).containsExactly(IMAGE);
        assertThat(Tensors.toLongs(dataset.arrays().get("label"))).containsExactly(7, -1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bigEndianElementsAreTurned(boolean stored) {
        TestingNpz npz = new TestingNpz()
                .array("image", ">f4", "(2, 3)", TestingNpz.floats(BIG_ENDIAN, IMAGE))
                .array("label", ">i8", "(2,)", TestingNpz.longs(BIG_ENDIAN, 7, -1));
        assertSample(open(stored ? npz.stored() : npz.deflated()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyFormatVersionIsRead(int version) {
        byte[] npy = TestingNpz.npy(
                version, TestingNpz.header("<f4", false, "(2, 3)"), TestingNpz.floats(LITTLE_ENDIAN, IMAGE));
        Tensor image =
                open(new TestingNpz().entry("image.npy", npy).stored()).arrays().get("image");
        assertThat(Tensors.toFloats(image)).containsExactly(IMAGE);
    }

    @Test
    void headersOfPython2AreRead() {
        Tensor image = open(new TestingNpz()
                        .array("image", "<f4", "(2L, 3L)", TestingNpz.floats(LITTLE_ENDIAN, IMAGE))
                        .stored())
                .arrays()
                .get("image");
        assertThat(image.shape()).containsExactly(2L, 3L);
    }

    @Test
    void fortranOrderIsRearranged() {
        // numpy: arange(24).reshape(2, 3, 4) stored with the first axis fastest.
        float[] columnMajor = new float[24];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 4; k++) {
                    columnMajor[i + 2 * j + 6 * k] = i * 12 + j * 4 + k;
                }
            }
        }
        byte[] npy = TestingNpz.npy(
                1, TestingNpz.header("<f4", true, "(2, 3, 4)"), TestingNpz.floats(LITTLE_ENDIAN, columnMajor));
        float[] rowMajor = new float[24];
        for (int i = 0; i < 24; i++) {
            rowMajor[i] = i;
        }
        for (byte[] file : new byte[][] {
            new TestingNpz().entry("x.npy", npy).stored(),
            new TestingNpz().entry("x.npy", npy).deflated()
        }) {
            assertThat(Tensors.toFloats(open(file).arrays().get("x"))).containsExactly(rowMajor);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<f2, FLOAT16", "<f4, FLOAT32", "<f8, FLOAT64", "|i1, INT8", "|u1, UINT8", "<i2, INT16", "<u2, UINT16",
        "<i4, INT32", "<u4, UINT32", "<i8, INT64", "<u8, UINT64", "|b1, BOOL", ">f2, FLOAT16", ">u4, UINT32"
    })
    void everyTypeIsRead(String numpy, DataType expected) {
        byte[] data = new byte[2 * expected.bytes()];
        int first = numpy.startsWith(">") ? expected.bytes() - 1 : 0;
        data[first] = 1;
        Tensor tensor = open(new TestingNpz().array("x", numpy, "(2,)", data).stored())
                .arrays()
                .get("x");
        ByteBuffer one = Tensors.toBytes(tensor);
        assertThat(tensor.type()).isEqualTo(expected);
        assertThat(one.get(0)).isEqualTo((byte) 1);
        assertThat(one.get(expected.bytes())).isZero();
    }

    @Test
    void entriesThatAreNoArraysAreIgnored() {
        Dataset dataset =
                open(sample().entry("README.txt", new byte[] {1, 2, 3}).stored());
        assertThat(dataset.arrays().keySet()).containsExactly("image", "label");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void randomArraysComeBackByteForByte(boolean stored) {
        for (long seed = 0; seed < 10; seed++) {
            byte[] data = new byte[300_000 - 300_000 % 24];
            new Random(seed).nextBytes(data);
            String shape = "(" + data.length / 24 + ", 3)";
            TestingNpz npz = new TestingNpz().array("x", "<u8", shape, data);
            Tensor tensor =
                    open(stored ? npz.stored() : npz.deflated()).arrays().get("x");
            assertThat(Tensors.toBytes(tensor).array()).as("seed %d", seed).isEqualTo(data);
        }
    }

    @Test
    void readsBeyondTheEndAreRefused() {
        Tensor image = open(sample().stored()).arrays().get("image");
        assertThatThrownBy(() -> image.read(5, ByteBuffer.allocate(8))).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private Dataset open(byte[] content) {
        return open(write("data.npz", content));
    }
}
