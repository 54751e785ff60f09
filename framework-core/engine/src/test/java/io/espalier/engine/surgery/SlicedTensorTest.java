package io.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A view of some positions holds what a copy of them would hold, however it is read. */
final class SlicedTensorTest {

    private static final List<DataType> TYPES =
            List.of(DataType.FLOAT32, DataType.INT8, DataType.INT64, DataType.FLOAT16);

    @Test
    void readsLikeACopyInBlocksOfAnySize() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 2000; round++) {
            Tensor source = source(random);
            int axis = random.nextInt(source.shape().size());
            int[] keep = keep(random, source.shape().get(axis).intValue());
            Tensor sliced = SlicedTensor.of(source, axis, keep);
            double[] expected = naive(source, axis, keep);
            assertThat(sliced.size()).isEqualTo(expected.length);
            assertThat(inBlocks(sliced, random))
                    .as("round %d, axis %d", round, axis)
                    .containsExactly(expected);
        }
    }

    @Test
    void aViewOfAViewCutsBothAxes() {
        Tensor source = Tensors.floats(List.of(2L, 3L), 0, 1, 2, 3, 4, 5);
        Tensor cut = SlicedTensor.of(SlicedTensor.of(source, 1, new int[] {0, 2}), 0, new int[] {1});
        assertThat(cut.shape()).containsExactly(1L, 2L);
        assertThat(Tensors.toFloats(cut)).containsExactly(3, 5);
    }

    private static Tensor source(SplittableRandom random) {
        List<Long> shape = new ArrayList<>();
        int size = 1;
        for (int rank = random.nextInt(1, 5); rank > 0; rank--) {
            shape.add(random.nextLong(1, 6));
            size *= shape.get(shape.size() - 1).intValue();
        }
        double[] values = IntStream.range(0, size).mapToDouble(i -> i % 120).toArray();
        return Tensors.fromDoubles(TYPES.get(random.nextInt(TYPES.size())), shape, values);
    }

    private static int[] keep(SplittableRandom random, int extent) {
        int certain = random.nextInt(extent);
        return IntStream.range(0, extent)
                .filter(position -> position == certain || random.nextBoolean())
                .toArray();
    }

    private static double[] naive(Tensor source, int axis, int[] keep) {
        double[] all = Tensors.toDoubles(source);
        int inner = (int) source.shape().subList(axis + 1, source.shape().size()).stream()
                .mapToLong(Long::longValue)
                .reduce(1, Math::multiplyExact);
        int extent = source.shape().get(axis).intValue();
        return IntStream.range(0, all.length)
                .filter(i -> IntStream.of(keep).anyMatch(position -> position == i / inner % extent))
                .mapToDouble(i -> all[i])
                .toArray();
    }

    private static double[] inBlocks(Tensor tensor, SplittableRandom random) {
        int width = tensor.type().bytes();
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            int left = bytes.remaining() / width;
            int count = random.nextInt(1, left + 1);
            ByteBuffer block = bytes.duplicate().limit(bytes.position() + count * width);
            tensor.read(bytes.position() / width, block);
            bytes.position(bytes.position() + count * width);
        }
        return Tensors.toDoubles(Tensors.of(tensor.type(), tensor.shape(), bytes.flip()));
    }
}
