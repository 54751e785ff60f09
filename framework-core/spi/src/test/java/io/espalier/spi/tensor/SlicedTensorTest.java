package io.espalier.spi.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SlicedTensorTest {

    @TestFactory
    Stream<DynamicTest> equalsTheNaiveReference() {
        return IntStream.range(0, 200).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
    }

    private static void check(int seed) {
        Random random = new Random(seed);
        DataType type = DataType.values()[random.nextInt(DataType.values().length)];
        List<Long> shape = new ArrayList<>();
        for (int axes = 1 + random.nextInt(4); axes > 0; axes--) {
            shape.add(1L + random.nextInt(6));
        }
        if (seed % 8 == 0) {
            // Rows long enough to be read without a window.
            shape = new ArrayList<>(List.of(3L, 4L, 20_000L));
        }
        Tensor source = bytes(type, shape, random);
        Tensor sliced = source;
        Tensor expected = source;
        for (int cut = 0; cut < 2; cut++) {
            int axis = random.nextInt(shape.size());
            int[] keep = IntStream.range(0, (int) (long) sliced.shape().get(axis))
                    .filter(i -> random.nextBoolean())
                    .toArray();
            sliced = Tensors.sliced(sliced, axis, keep);
            expected = naive(expected, axis, keep);
        }
        assertThat(sliced.shape()).isEqualTo(expected.shape());
        assertThat(Tensors.toBytes(sliced)).isEqualTo(Tensors.toBytes(expected));
        if (sliced.size() > 0) {
            int from = random.nextInt((int) sliced.size());
            int count = random.nextInt((int) sliced.size() - from) + 1;
            ByteBuffer part = ByteBuffer.allocate(count * type.bytes());
            sliced.read(from, part);
            assertThat(part.flip())
                    .isEqualTo(Tensors.toBytes(expected).slice(from * type.bytes(), count * type.bytes()));
        }
    }

    private static Tensor bytes(DataType type, List<Long> shape, Random random) {
        byte[] bytes = new byte[(int) (shape.stream().reduce(1L, (a, b) -> a * b) * type.bytes())];
        random.nextBytes(bytes);
        return Tensors.of(type, shape, ByteBuffer.wrap(bytes));
    }

    /** Element by element, over indices. */
    private static Tensor naive(Tensor source, int axis, int[] keep) {
        int width = source.type().bytes();
        ByteBuffer all = Tensors.toBytes(source);
        List<Long> shape = new ArrayList<>(source.shape());
        shape.set(axis, (long) keep.length);
        long size = shape.stream().reduce(1L, (a, b) -> a * b);
        ByteBuffer kept = ByteBuffer.allocate((int) size * width);
        for (long i = 0; i < size; i++) {
            long rest = i;
            long from = 0;
            long stride = 1;
            for (int a = shape.size() - 1; a >= 0; a--) {
                long index = rest % shape.get(a);
                rest /= shape.get(a);
                from += (a == axis ? keep[(int) index] : index) * stride;
                stride *= source.shape().get(a);
            }
            kept.put(all.slice((int) from * width, width));
        }
        return Tensors.of(source.type(), shape, kept.flip());
    }

    @Test
    void refusesPositionsThatDoNotAscendOrExist() {
        Tensor source = Tensors.vector(1, 2, 3);
        for (int[] keep : new int[][] {{1, 0}, {1, 1}, {-1}, {3}}) {
            assertThatThrownBy(() -> Tensors.sliced(source, 0, keep)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Tensors.sliced(source, 1, new int[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
