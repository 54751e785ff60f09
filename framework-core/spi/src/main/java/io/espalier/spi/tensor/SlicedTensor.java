package io.espalier.spi.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Some positions of one axis of another tensor, read in blocks from it. */
final class SlicedTensor implements Tensor {

    /** Small enough for the collector to treat it as an ordinary object. */
    private static final int WINDOW_BYTES = 1 << 17;
    /** Pieces that lie at least this far apart are read one by one: a read costs as much as copying what lies between. */
    private static final int DIRECT_BYTES = 1 << 14;
    /** Neighbours that stay together are copied together from this many on, in the mean. */
    private static final int LONG_PIECE = 4;

    private final Tensor source;
    private final List<Long> shape;
    private final int[] keep;
    private final long extent;
    /** Elements that lie together: the product of the extents behind the axis. */
    private final long run;
    /** Whether hardly any neighbours stay together. */
    private final boolean scattered;

    private SlicedTensor(Tensor source, List<Long> shape, int[] keep, long extent, long run) {
        this.source = source;
        this.shape = shape;
        this.keep = keep;
        this.extent = extent;
        this.run = run;
        this.scattered = pieces(keep) * LONG_PIECE > keep.length;
    }

    static Tensor of(Tensor source, int axis, int[] keep) {
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
        int wanted = target.remaining() / width;
        if (wanted == 0) {
            return;
        }
        Window window = new Window(sourceIndex((offset + wanted - 1) / run) * run + run);
        long row = offset / run;
        long block = row / keep.length;
        int place = (int) (row % keep.length);
        long within = offset % run;
        if (run == 1 && width == Integer.BYTES && scattered) {
            window.gather(block, place, wanted, target);
            return;
        }
        while (wanted > 0) {
            int next = place + 1;
            // Neighbouring positions that all stay are one piece.
            while (next < keep.length && keep[next] == keep[next - 1] + 1 && (next - place) * run < within + wanted) {
                next++;
            }
            int count = (int) Math.min((next - place) * run - within, wanted);
            window.copy((block * extent + keep[place]) * run + within, count, target);
            wanted -= count;
            within = 0;
            place = next;
            if (place == keep.length) {
                place = 0;
                block++;
            }
        }
    }

    private static long pieces(int[] keep) {
        long pieces = 0;
        for (int i = 0; i < keep.length; i++) {
            pieces += i == 0 || keep[i] != keep[i - 1] + 1 ? 1 : 0;
        }
        return pieces;
    }

    private long sourceIndex(long row) {
        return row / keep.length * extent + keep[(int) (row % keep.length)];
    }

    /** A piece of the source that moves forward with the reads, so that short runs need few of them. */
    private final class Window {

        private final int width = type().bytes();
        /** Index behind the last element that is wanted. */
        private final long end;

        private ByteBuffer bytes = ByteBuffer.allocate(0);
        private long start;
        private long held;

        Window(long end) {
            this.end = end;
        }

        void copy(long from, int count, ByteBuffer target) {
            if ((long) count * width * extent >= (long) DIRECT_BYTES * keep.length) {
                int limit = target.limit();
                target.limit(target.position() + count * width);
                source.read(from, target);
                target.limit(limit);
                return;
            }
            if (from < start || from + count > start + held) {
                load(from);
            }
            target.put(bytes.array(), (int) (from - start) * width, count * width);
        }

        /** Elements of four bytes, one by one: where each lies alone, copying pieces costs several times more. */
        void gather(long firstBlock, int firstPlace, int wanted, ByteBuffer target) {
            long block = firstBlock;
            int place = firstPlace;
            for (int left = wanted; left > 0; ) {
                long row = block * extent;
                if (row + keep[place] < start || row + keep[place] >= start + held) {
                    load(row + keep[place]);
                }
                ByteBuffer source = bytes.order(target.order());
                int shift = (int) (row - start);
                long reach = start + held - row;
                int before = place;
                int last = Math.min(keep.length, place + left);
                while (place < last && keep[place] < reach) {
                    target.putInt(source.getInt((keep[place++] + shift) * Integer.BYTES));
                }
                left -= place - before;
                if (place == keep.length) {
                    place = 0;
                    block++;
                }
            }
        }

        private void load(long from) {
            start = from;
            held = Math.min(WINDOW_BYTES / width, end - from);
            if (bytes.capacity() == 0) {
                bytes = ByteBuffer.allocate((int) held * width);
            }
            bytes.clear().limit((int) held * width);
            source.read(from, bytes);
        }
    }

    @Override
    public String toString() {
        return type() + shape.toString();
    }
}
