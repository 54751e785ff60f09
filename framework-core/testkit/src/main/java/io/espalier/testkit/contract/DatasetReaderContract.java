package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@link DatasetReader} owes its users: broken files are answered with one sentence, good ones read in blocks. */
public abstract class DatasetReaderContract extends ProviderContract<DatasetReader> {

    private static final int HEAD_BYTES = 4096;
    private static final long SEED = 20260101;

    @TempDir
    Path folder;

    protected DatasetReaderContract() {
        super(DatasetReader.class);
    }

    /** A new instance of the reader under test. */
    protected abstract DatasetReader reader();

    /** A small valid file of the format, of at most some kilobytes, with at least two examples. */
    protected abstract byte[] validFile();

    /** Whether the format is plain text, of which a part may be a whole file; false unless said otherwise. */
    protected boolean isText() {
        return false;
    }

    @Override
    protected final DatasetReader provider() {
        return reader();
    }

    /** Writes a file into the temporary folder of the test. */
    protected final Path write(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a file with the options under test. */
    protected final Dataset open(Path file) {
        return reader().open(file, options(), new TestingRunContext(SEED));
    }

    @Test
    void stopsWhenTheRunIsCancelled() {
        TestingRunContext context = new TestingRunContext(SEED);
        context.cancel();
        Path file = write("valid", validFile());
        assertThatThrownBy(() -> reader().open(file, options(), context)).isInstanceOf(CancellationException.class);
    }

    @Test
    void recognisesItsFormatByContent() {
        byte[] content = validFile();
        assertThat(reader().recognises(Path.of("no-extension"), head(content))).isTrue();
    }

    @Test
    void recognisingNeverThrows() {
        Path file = Path.of("odd");
        assertThat(reader().recognises(file, new byte[0])).isFalse();
        if (!isText()) {
            assertThat(reader().recognises(file, "some text".getBytes(StandardCharsets.UTF_8)))
                    .isFalse();
        }
        assertThat(reader().recognises(Path.of("/"), new byte[HEAD_BYTES])).isFalse();
        byte[] head = head(validFile());
        for (int length = 0; length < head.length; length++) {
            int cut = length;
            assertThat(catchThrowable(() -> reader().recognises(file, Arrays.copyOf(head, cut))))
                    .as("head of %d bytes", cut)
                    .isNull();
        }
    }

    @Test
    void everyArrayHasTheExamplesOfTheDataset() {
        Dataset dataset = open(write("valid", validFile()));
        assertThat(dataset.size()).isGreaterThanOrEqualTo(2);
        assertThat(dataset.arrays())
                .isNotEmpty()
                .allSatisfy((name, array) -> assertThat(array.shape()).as(name).startsWith(dataset.size()));
    }

    @Test
    void blocksAddUpToTheWhole() {
        Dataset dataset = open(write("valid", validFile()));
        dataset.arrays().forEach((name, array) -> {
            byte[] whole = Tensors.toBytes(array).array();
            for (int elements : new int[] {1, 3, 7}) {
                assertThat(readInBlocks(array, elements))
                        .as("%s by %d", name, elements)
                        .isEqualTo(whole);
            }
        });
    }

    @Test
    void openingTwiceGivesTheSame() {
        Path file = write("valid", validFile());
        Dataset first = open(file);
        Dataset second = open(file);
        assertThat(second.arrays().keySet())
                .containsExactlyElementsOf(first.arrays().keySet());
        first.arrays()
                .forEach((name, array) -> assertThat(
                                Tensors.toBytes(second.arrays().get(name)))
                        .as(name)
                        .isEqualTo(Tensors.toBytes(array)));
    }

    @Test
    void missingFilesAndFoldersGetASentence() {
        assertRefused(folder.resolve("missing"));
        assertRefused(folder);
    }

    @Test
    void emptyTextAndRandomFilesGetASentence() {
        byte[] noise = new byte[2000];
        new Random(1).nextBytes(noise);
        assertRefused(write("empty", new byte[0]));
        if (!isText()) {
            assertRefused(write("text", "image,label\n0,1\n".getBytes(StandardCharsets.UTF_8)));
        }
        assertRefused(write("noise", noise));
    }

    @Test
    void everyTruncationGetsASentence() {
        byte[] content = validFile();
        for (int length = 0; length < content.length; length++) {
            Path file = write("truncated", Arrays.copyOf(content, length));
            if (!isText() || catchThrowable(() -> readAll(file)) != null) {
                assertRefused(file);
            }
        }
    }

    @Test
    void damagedBytesAreReadOrGetASentence() {
        byte[] content = validFile();
        Random random = new Random(2);
        for (int position = 0; position < content.length; position++) {
            byte[] damaged = content.clone();
            damaged[position] ^= (byte) (1 + random.nextInt(255));
            Throwable thrown = catchThrowable(() -> readAll(write("damaged", damaged)));
            if (thrown != null) {
                assertThat(thrown).as("byte %d", position).isInstanceOf(InvalidInputException.class);
            }
        }
    }

    private void readAll(Path file) {
        open(file).arrays().values().forEach(array -> Tensors.forEach(array, (index, value) -> {}));
    }

    private void assertRefused(Path file) {
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .contains(String.valueOf(file.getFileName()))
                .hasLineCount(1);
    }

    private static byte[] readInBlocks(Tensor array, int elements) {
        int width = array.type().bytes();
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(array.byteSize())).order(ByteOrder.LITTLE_ENDIAN);
        for (long offset = 0; offset < array.size(); offset += elements) {
            int count = (int) Math.min(elements, array.size() - offset);
            ByteBuffer block = ByteBuffer.allocate(count * width).order(ByteOrder.LITTLE_ENDIAN);
            array.read(offset, block);
            assertThat(block.hasRemaining()).isFalse();
            all.put(block.flip());
        }
        return all.array();
    }

    private static byte[] head(byte[] content) {
        return Arrays.copyOf(content, Math.min(content.length, HEAD_BYTES));
    }
}
