package io.espalier.plugin.npz;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingNpz;
import io.espalier.testkit.TestingRunContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenNpzTest {

    private static final RunContext CONTEXT = new TestingRunContext(0);

    private static final byte[] FOUR_FLOATS = TestingNpz.floats(LITTLE_ENDIAN, 1, 2, 3, 4);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"(3, 1)", "(5,)", "(4, 0)", "()", "(9223372036854775807,)", "(4294967296, 4294967296)"})
    void headersThatLieAboutTheLengthAreRefused(String shape) {
        assertRefused(array("<f4", shape).stored(), "'image'");
        assertRefused(array("<f4", shape).deflated(), "'image'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"|O", "<U4", "<c8", "|V2", "=f4", "|f4", "f4", "", "<f3", "<f16", "<M8[ns]"})
    void typesThatAreNoNumbersAreRefused(String type) {
        assertRefused(array(type, "(4,)").stored(), "'" + type + "'", "convert");
    }

    @Test
    void structuresAreRefused() {
        String header = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,), }";
        assertRefused(npy(TestingNpz.npy(1, header, FOUR_FLOATS)), "structures");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{'descr': '<f4', 'shape': (4,)}",
                "{'descr': '<f4', 'fortran_order': False}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-4,)}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4"
            })
    void damagedHeadersAreRefused(String header) {
        assertRefused(npy(TestingNpz.npy(1, header, FOUR_FLOATS)), "'image'");
    }

    @Test
    void entriesWithAnotherMagicAreRefused() {
        assertRefused(npy("PK no array".getBytes(StandardCharsets.UTF_8)), "not an npy array");
        assertRefused(npy(new byte[3]), "'image'", "header");
    }

    @Test
    void unknownVersionsAndEndlessHeadersAreRefused() {
        byte[] version4 = TestingNpz.npy(4, TestingNpz.header("<f4", false, "(4,)"), FOUR_FLOATS);
        assertRefused(npy(version4), "version 4");
        byte[] endless = TestingNpz.npy(2, TestingNpz.header("<f4", false, "(4,)"), FOUR_FLOATS);
        endless[11] = (byte) 0xFF;
        assertRefused(npy(endless), "header of");
    }

    @Test
    void arraysOfDifferentLengthAreRefused() {
        TestingNpz npz = new TestingNpz()
                .array("image", "<f4", "(4, 1)", FOUR_FLOATS)
                .array("label", "<f4", "(2, 2)", FOUR_FLOATS);
        assertRefused(npz.stored(), "'image' and 'label'", "4 and 2");
    }

    @Test
    void archivesWithoutArraysAreRefused() {
        assertRefused(new TestingNpz().entry("notes.txt", FOUR_FLOATS).stored(), "no arrays");
        assertRefused(new TestingNpz().stored(), "no arrays");
    }

    @Test
    void compressedDataIsNotDecodedBeyondTheLimit() {
        byte[] zeros = new byte[1 << 20];
        Path file = write(
                new TestingNpz().array("image", "|u1", "(1048576,)", zeros).deflated());
        assertThat(new NpzReader().open(file, zeros.length, CONTEXT).size()).isEqualTo(zeros.length);
        assertThatThrownBy(() -> new NpzReader().open(file, zeros.length - 1, CONTEXT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'image'", "1048575 bytes", "numpy.savez");
    }

    @Test
    void theLimitHoldsForAllArraysTogetherButNotForStoredOnes() {
        TestingNpz npz = new TestingNpz().array("a", "<f4", "(4,)", FOUR_FLOATS).array("b", "<f4", "(4,)", FOUR_FLOATS);
        Path deflated = write(npz.deflated());
        assertThatThrownBy(() -> new NpzReader().open(deflated, 31, CONTEXT)).isInstanceOf(InvalidInputException.class);
        assertThat(new NpzReader().open(deflated, 32, CONTEXT).size()).isEqualTo(4);
        assertThat(new NpzReader().open(write(npz.stored()), 0, CONTEXT).size()).isEqualTo(4);
    }

    @Test
    void aFileThatDisappearsOrChangesInUseIsSaid() throws IOException {
        Path file = write(array("<f4", "(4,)").stored());
        Tensor image =
                new NpzReader().open(file, Options.none(), CONTEXT).arrays().get("image");
        write(array("<f4", "(2, 2)").deflated());
        assertThatThrownBy(() -> Tensors.toFloats(image))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("changed");
        Files.delete(file);
        assertThatThrownBy(() -> Tensors.toFloats(image)).isInstanceOf(UncheckedIOException.class);
    }

    private static TestingNpz array(String type, String shape) {
        return new TestingNpz().array("image", type, shape, FOUR_FLOATS);
    }

    private static byte[] npy(byte[] entry) {
        return new TestingNpz().entry("image.npy", entry).stored();
    }

    private void assertRefused(byte[] content, String... words) {
        Path file = write(content);
        assertThatThrownBy(() -> new NpzReader().open(file, Options.none(), CONTEXT))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .hasLineCount(1)
                .contains("data.npz")
                .contains(words);
    }

    private Path write(byte[] content) {
        try {
            return Files.write(folder.resolve("data.npz"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
