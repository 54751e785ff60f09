package io.espalier.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.api.DataFile.Part;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFileTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A name may end in a part and a number; a file of the whole name is meant by it")
    void names() throws IOException {
        assertThat(DataFile.parse("a.npz")).isEqualTo(DataFile.of(Path.of("a.npz")));
        assertThat(DataFile.parse("a.npz:train"))
                .isEqualTo(new DataFile(Path.of("a.npz"), Part.TRAIN, OptionalInt.empty()));
        assertThat(DataFile.parse("a:b.npz:valid:12"))
                .isEqualTo(new DataFile(Path.of("a:b.npz"), Part.VALID, OptionalInt.of(12)));
        assertThat(DataFile.parse("a.npz:512"))
                .isEqualTo(new DataFile(Path.of("a.npz"), Part.ALL, OptionalInt.of(512)));
        assertThat(DataFile.parse("a.npz:test").file()).isEqualTo(Path.of("a.npz:test"));
        assertThat(DataFile.parse("a.npz:0").file()).isEqualTo(Path.of("a.npz:0"));
        Path odd = Files.createFile(folder.resolve("a:train"));
        assertThat(DataFile.parse(odd.toString())).isEqualTo(DataFile.of(odd));
    }

    @Test
    @DisplayName("Train and valid share no example and are all of them, by any seed")
    void parts() {
        for (int seed = 0; seed < 50; seed++) {
            int size = 2 + new Random(seed).nextInt(200);
            int[] train = Selection.rows(size, part(Part.TRAIN), seed);
            int[] valid = Selection.rows(size, part(Part.VALID), seed);
            assertThat(IntStream.concat(IntStream.of(train), IntStream.of(valid))
                            .sorted())
                    .as("seed %d, size %d", seed, size)
                    .containsExactly(IntStream.range(0, size).boxed().toArray(Integer[]::new));
            assertThat(valid).hasSize(Math.max(1, size / 5)).isSorted();
            DataFile some = new DataFile(Path.of("x"), Part.TRAIN, OptionalInt.of(3));
            assertThat(IntStream.of(Selection.rows(size, some, seed)).boxed())
                    .hasSize(Math.min(3, train.length))
                    .isSubsetOf(IntStream.of(train).boxed().toList());
        }
    }

    @Test
    @DisplayName("Several sets are one, whatever blocks are read")
    void joined() {
        Random random = new Random(4);
        for (int round = 0; round < 30; round++) {
            List<Dataset> parts = IntStream.range(0, 1 + random.nextInt(4))
                    .mapToObj(i -> numbers(i * 1000, 1 + random.nextInt(5), 3))
                    .toList();
            Dataset all = new JoinedDataset(parts, List.of("a", "b", "c", "d"));
            long[] expected = parts.stream()
                    .flatMapToLong(
                            each -> Arrays.stream(Tensors.toLongs(each.arrays().get("x"))))
                    .toArray();
            Tensor x = all.arrays().get("x");
            assertThat(Tensors.toLongs(x)).isEqualTo(expected);
            int from = random.nextInt(expected.length);
            int count = random.nextInt(expected.length - from + 1);
            ByteBuffer block = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            x.read(from, block);
            block.flip();
            for (int i = 0; i < count; i++) {
                assertThat(block.getLong()).isEqualTo(expected[from + i]);
            }
        }
    }

    @Test
    @DisplayName("Sets whose arrays do not agree are refused with their names")
    void disagreement() {
        Dataset joined = new JoinedDataset(List.of(numbers(0, 2, 3), numbers(0, 2, 4)), List.of("one", "two"));
        assertThatThrownBy(joined::arrays)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'one'", "'two'", "[3]", "[4]");
    }

    @Test
    @DisplayName("Sets whose classes are numbered differently are refused")
    void otherClasses() {
        Map<String, Tensor> arrays = numbers(0, 2, 3).arrays();
        List<Dataset> same = List.of(new Classes(2, arrays, List.of("a")), new Classes(2, arrays, List.of("a")));
        assertThat(new JoinedDataset(same, List.of("one", "two")).arrays()).containsOnlyKeys("x");
        List<Dataset> others = List.of(same.get(0), new Classes(2, arrays, List.of("a", "b")));
        assertThatThrownBy(new JoinedDataset(others, List.of("one", "two"))::arrays)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'one'", "'two'", "[a]", "[a, b]");
    }

    private record Classes(long size, Map<String, Tensor> arrays, List<String> classNames) implements Dataset {}

    private static DataFile part(Part part) {
        return new DataFile(Path.of("x"), part, OptionalInt.empty());
    }

    private static Dataset numbers(long from, int rows, int width) {
        Tensor x = Tensors.longs(
                List.of((long) rows, (long) width),
                IntStream.range(0, rows * width).mapToLong(i -> from + i).toArray());
        return new Numbers(rows, Map.of("x", x));
    }

    private record Numbers(long size, Map<String, Tensor> arrays) implements Dataset {}
}
