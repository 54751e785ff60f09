package io.espalier.adapter.onnx.store;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Some positions of one axis of another tensor, read in blocks from it. */
public final class SlicedTensor implements Tensor {

    private static final int WINDOW_BYTES = 1 << 20;

    private final Tensor source;
    private final List<Long> shape;
    private final int[] keep;
    private final long extent;
    /** Elements that lie together: the product of the extents behind the axis. */
    private final long run;

    private SlicedTensor(Tensor source, List<Long> shape, int[] keep, long extent, long run) {
        this.source = source;
        this.shape = shape;
        this.keep = keep;
        this.extent = extent;
        this.run = run;
    }

    /**
     * A slice.
     *
     * @param keep positions that stay, ascending
     * @throws IllegalArgumentException when the tensor has no such axis or the axis no such positions
     */
    public static Tensor of(Tensor source, int axis, int[] keep) {
        List<Long> shape = new ArrayList<>(source.shape());
        if (axis < 0 || axis >= shape.size()) {
            throw new IllegalArgumentException("no axis " + axis + " in shape " + shape);
        }
        long extent = shape.get(axis);
        for (int i = 0; i < keep.length; i++) {
            if (keep[i] < 0 || keep[i] >= extent || i > 0 && keep[i] <= keep[i - 1]) {
                throw new IllegalArgumentException(
                        "positions to keep must ascend within axis " + axis + " of " + shape);
            }
        }
        long run = shape.subList(axis + 1, shape.size()).stream().reduce(1L, Math::multiplyExact);
        shape.set(axis, (long) keep.length);
        return new SlicedTensor(source, List.copyOf(shape), keep.clone(), extent, run);
    }

    @Override
    public DataType type() {
        return source.type();
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        int width = type().bytes();
        Window window = new Window();
        long at = offset;
        long last = offset + target.remaining() / width;
        while (at < last) {
            long within = at % run;
            int count = (int) Math.min(run - within, last - at);
            long from = sourceIndex(at / run) * run + within;
            if ((long) count * width >= WINDOW_BYTES / 16) {
                int end = target.limit();
                target.limit(target.position() + count * width);
                source.read(from, target);
                target.limit(end);
            } else {
                window.copy(from, count, sourceIndex((last - 1) / run) * run + run, target);
            }
            at += count;
        }
    }

    private long sourceIndex(long row) {
        return row / keep.length * extent + keep[(int) (row % keep.length)];
    }

    /** A piece of the source that moves forward with the reads, so that short runs need few of them. */
    private final class Window {

        private final int width = type().bytes();
        private ByteBuffer bytes = ByteBuffer.allocate(0);
        private long start;

        void copy(long from, int count, long end, ByteBuffer target) {
            long held = bytes.limit() / width;
            if (from < start || from + count > start + held) {
                int size = (int) Math.min(WINDOW_BYTES / width, end - from);
                if (bytes.capacity() < size * width) {
                    bytes = ByteBuffer.allocate(size * width);
                }
                bytes.clear().limit(size * width);
                source.read(from, bytes);
                bytes.flip();
                start = from;
            }
            target.put(bytes.array(), (int) (from - start) * width, count * width);
        }
    }

    @Override
    public String toString() {
        return type() + shape.toString();
    }
}
