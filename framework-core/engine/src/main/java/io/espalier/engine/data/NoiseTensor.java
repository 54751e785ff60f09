package io.espalier.engine.data;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Rows of random numbers that are made as they are read, each from the seed and its number alone; the row that was read last
 * is kept.
 */
final class NoiseTensor implements Tensor {

    /** Makes the elements of a row. */
    @FunctionalInterface
    interface RowMaker {
        double[] row(SplittableRandom random, int elements);
    }

    private final DataType type;
    private final List<Long> shape;
    private final long seed;
    private final RowMaker maker;
    private final int width;
    private long lastRow = -1;
    private double[] last;

    NoiseTensor(DataType type, List<Long> shape, long seed, RowMaker maker) {
        this.type = type;
        this.shape = List.copyOf(shape);
        this.seed = seed;
        this.maker = maker;
        this.width = Math.toIntExact(shape.stream().skip(1).reduce(1L, Math::multiplyExact));
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        int count = target.remaining() / type.bytes();
        Objects.checkFromIndexSize(offset, count, size());
        ByteBuffer slice = target.slice().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            Elements.put(type, slice, i, row((offset + i) / width)[(int) ((offset + i) % width)]);
        }
        target.position(target.limit());
    }

    private synchronized double[] row(long number) {
        if (number != lastRow) {
            last = maker.row(new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number), width);
            lastRow = number;
        }
        return last;
    }
}
