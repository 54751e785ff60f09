package io.espalier.spi.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PermutedTensorTest {

    private static final int MEBI = 1 << 20;

    @TestFactory
    Stream<DynamicTest> equalsTheNaiveReference() {
        return IntStream.range(0, 200)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    Random random = new Random(seed);
                    check(random, shape(random, 6), random.nextBoolean());
                }));
    }

    @TestFactory
    Stream<DynamicTest> equalsTheNaiveReferenceAcrossTiles() {
        return Stream.of(
                        List.of(1500L, 1600L),
                        List.of(3L, 300L, 1400L),
                        List.of(40L, 70L, 30L, 30L),
                        List.of(2L, 2_500_000L))
                .map(shape -> DynamicTest.dynamicTest(
                        "shape " + shape, () -> check(new Random(shape.hashCode()), shape, false)));
    }

    private static void check(Random random, List<Long> shape, boolean slice) {
        DataType type = DataType.values()[random.nextInt(DataType.values().length)];
        Tensor source = bytes(type, shape, random);
        int[] axes = axes(random, shape.size());
        Tensor permuted = Tensors.permuted(source, axes);
        if (slice) {
            int axis = random.nextInt(axes.length);
            int[] keep = IntStream.range(0, (int) (long) shape.get(axes[axis]))
                    .filter(i -> random.nextBoolean())
                    .toArray();
            permuted = Tensors.sliced(permuted, axis, keep);
            source = Tensors.sliced(source, axes[axis], keep);
        }
        ByteBuffer expected = naive(source, axes);
        assertThat(permuted.type()).isEqualTo(type);
        assertThat(permuted.size()).isEqualTo(source.size());
        assertThat(Tensors.toBytes(permuted)).isEqualTo(expected);
        for (int part = 0; part < 20 && source.size() > 0; part++) {
            int from = random.nextInt((int) permuted.size());
            int count = 1 + random.nextInt(Math.min(MEBI, (int) permuted.size() - from));
            ByteBuffer read = ByteBuffer.allocate(count * type.bytes());
            permuted.read(from, read);
            assertThat(read.flip()).isEqualTo(expected.slice(from * type.bytes(), count * type.bytes()));
        }
    }

    @Test
    void permutingBackGivesTheOriginal() {
        Tensor source = bytes(DataType.FLOAT32, List.of(2L, 3L, 4L), new Random(1));
        Tensor permuted = Tensors.permuted(source, 2, 0, 1);
        assertThat(permuted.shape()).containsExactly(4L, 2L, 3L);
        assertThat(Tensors.permuted(permuted, 1, 2, 0)).isSameAs(source);
        assertThat(Tensors.permuted(source, 0, 1, 2)).isSameAs(source);
    }

    @Test
    void aScalarHasOneOrder() {
        Tensor scalar = Tensors.floats(List.of(), 3);
        assertThat(Tensors.permuted(scalar)).isSameAs(scalar);
    }

    @Test
    void readingForwardInBlocksReadsTheSourceAFewTimes() {
        long side = 4096;
        CountingTensor source = new CountingTensor(List.of(side, side));
        Tensor permuted = Tensors.permuted(source, 1, 0);
        Tensors.forEach(permuted, (index, value) -> {});
        long tiles = side * side / MEBI;
        assertThat(source.calls.get()).as("reads").isLessThanOrEqualTo(tiles * side);
        assertThat(source.elements.get()).as("elements read").isLessThanOrEqualTo(2 * side * side);
    }

    @Test
    void severalThreadsMayRead() {
        Tensor source = bytes(DataType.INT16, List.of(1200L, 2000L), new Random(2));
        Tensor permuted = Tensors.permuted(source, 1, 0);
        ByteBuffer expected = naive(source, new int[] {1, 0});
        IntStream.range(0, 64).parallel().forEach(part -> {
            int count = 10_000;
            int from = part * 37_000;
            ByteBuffer read = ByteBuffer.allocate(count * Short.BYTES);
            permuted.read(from, read);
            assertThat(read.flip()).isEqualTo(expected.slice(from * Short.BYTES, count * Short.BYTES));
        });
    }

    @Test
    void refusesWhatIsNoPermutation() {
        Tensor source = Tensors.floats(List.of(1L, 2L), 1, 2);
        for (int[] axes : new int[][] {{}, {0}, {0, 0}, {0, 2}, {-1, 0}, {0, 1, 2}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Tensors.permuted(source, axes));
        }
        Tensor permuted = Tensors.permuted(bytes(DataType.INT8, List.of(2L, 3L), new Random(3)), 1, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> Tensors.sliced(permuted, 2, new int[] {0}));
    }

    private static List<Long> shape(Random random, int bound) {
        List<Long> shape = new ArrayList<>();
        for (int rank = 1 + random.nextInt(5); rank > 0; rank--) {
            shape.add(1L + random.nextInt(bound));
        }
        return shape;
    }

    private static int[] axes(Random random, int rank) {
        List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(axes, random);
        if (rank > 1 && axes.stream().sorted().toList().equals(axes)) {
            Collections.swap(axes, 0, rank - 1);
        }
        return axes.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Tensor bytes(DataType type, List<Long> shape, Random random) {
        byte[] bytes = new byte[(int) (shape.stream().reduce(1L, (a, b) -> a * b) * type.bytes())];
        random.nextBytes(bytes);
        return Tensors.of(type, shape, ByteBuffer.wrap(bytes));
    }

    /** Element by element, over indices. */
    private static ByteBuffer naive(Tensor source, int[] axes) {
        int width = source.type().bytes();
        ByteBuffer all = Tensors.toBytes(source);
        long[] shape =
                Arrays.stream(axes).mapToLong(axis -> source.shape().get(axis)).toArray();
        long[] strides = Arrays.stream(axes)
                .mapToLong(
                        axis -> source.shape().subList(axis + 1, source.shape().size()).stream()
                                .reduce(1L, (a, b) -> a * b))
                .toArray();
        ByteBuffer permuted = ByteBuffer.allocate(all.remaining());
        for (long i = 0; i < source.size(); i++) {
            long rest = i;
            int from = 0;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                from += (int) (rest % shape[axis] * strides[axis]);
                rest /= shape[axis];
            }
            permuted.put((int) i * width, all, from * width, width);
        }
        return permuted;
    }

    /** Zeros that count how often they are read. */
    private static final class CountingTensor implements Tensor {

        private final List<Long> shape;
        private final AtomicLong calls = new AtomicLong();
        private final AtomicLong elements = new AtomicLong();

        CountingTensor(List<Long> shape) {
            this.shape = shape;
        }

        @Override
        public DataType type() {
            return DataType.FLOAT32;
        }

        @Override
        public List<Long> shape() {
            return shape;
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            calls.incrementAndGet();
            elements.addAndGet(target.remaining() / type().bytes());
            target.position(target.limit());
        }
    }
}
