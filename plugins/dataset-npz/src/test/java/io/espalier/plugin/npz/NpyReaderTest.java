package io.espalier.plugin.npz;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingNpz;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.DatasetReaderContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyReaderTest extends DatasetReaderContract {

    private static final Options NONE = Options.resolve("reader 'npy'", List.of(), Map.of());
    private static final float[] ROWS = {1, 2, 3, -4, 5.5f, 6};

    @TempDir
    private Path folder;

    @Override
    protected DatasetReader reader() {
        return new NpyReader();
    }

    @Override
    protected byte[] validFile() {
        return npy("<f4", false, "(2, 3)", TestingNpz.floats(LITTLE_ENDIAN, ROWS));
    }

    private static byte[] npy(String type, boolean fortran, String shape, byte[] data) {
        return TestingNpz.npy(1, TestingNpz.header(type, fortran, shape), data);
    }

    @Test
    void theArrayIsNamedLikeTheFile() throws IOException {
        Path file = folder.resolve("image.npy");
        Files.write(file, validFile());
        Dataset data = reader().open(file, NONE, new TestingRunContext(0));
        assertThat(data.size()).isEqualTo(2);
        assertThat(data.arrays()).containsOnlyKeys("image");
        assertThat(Tensors.toFloats(data.arrays().get("image"))).containsExactly(ROWS);
    }

    @Test
    void orderOfBytesAndAxesIsThatOfTheHeader() throws IOException {
        Tensor turned = only(npy(">f4", true, "(3, 2)", TestingNpz.floats(BIG_ENDIAN, ROWS)));
        assertThat(turned.shape()).containsExactly(3L, 2L);
        assertThat(Tensors.toFloats(turned)).containsExactly(1, -4, 2, 5.5f, 3, 6);
    }

    @Test
    void anArrayWithoutAxesIsNoDataSet() throws IOException {
        byte[] scalar = npy("<f4", false, "()", TestingNpz.floats(LITTLE_ENDIAN, 0.5f));
        assertThat(Tensors.toFloats(only(scalar))).containsExactly(0.5f);
        assertThatThrownBy(() -> reader().open(folder.resolve("one.npy"), NONE, new TestingRunContext(0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the first axis must count examples");
    }

    private Tensor only(byte[] content) throws IOException {
        Path file = folder.resolve("one.npy");
        Files.write(file, content);
        Map<String, Tensor> arrays = reader().arrays(file, NONE, new TestingRunContext(0));
        return arrays.get("one");
    }
}
