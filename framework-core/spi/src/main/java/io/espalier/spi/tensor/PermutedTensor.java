package io.espalier.spi.tensor;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The axes of another tensor in another order, read in tiles from it.
 *
 * <p>A tile is a piece of this tensor without gaps. In the source it is a box, so it is read as slices and turned in
 * memory; the last tile is kept, as a reader who goes forward needs it again.
 */
final class PermutedTensor implements Tensor {

    private static final int TILE_BYTES = 1 << 22;

    private final Tensor source;
    private final int[] axes;
    private final List<Long> shape;
    private final Merged merged;
    /** The axis of the merged view along which tiles are cut; those behind it fit into a tile. */
    private final int cut;
    /** Elements of one position of that axis. */
    private final long inner;
    /** Positions of that axis in a tile. */
    private final int rows;

    private volatile SoftReference<Tile> last = new SoftReference<>(null);

    private PermutedTensor(Tensor source, int[] axes) {
        this.source = source;
        this.axes = axes;
        this.shape = shape(source, axes);
        this.merged = Merged.of(source, axes);
        int width = source.type().bytes();
        int axis = merged.rank() - 1;
        long behind = 1;
        while (axis > 0 && behind * merged.extent(axis) * width <= TILE_BYTES) {
            behind *= merged.extent(axis--);
        }
        this.cut = axis;
        this.inner = behind;
        this.rows = (int) Math.min(merged.extent(axis), TILE_BYTES / (behind * width));
    }

    static Tensor of(Tensor tensor, int[] axes) {
        int rank = tensor.shape().size();
        int[] identity = IntStream.range(0, rank).toArray();
        if (!Arrays.equals(Arrays.stream(axes).sorted().toArray(), identity)) {
            throw new IllegalArgumentException(
                    Arrays.toString(axes) + " is no permutation of the axes of shape " + tensor.shape());
        }
        if (Arrays.equals(axes, identity)) {
            return tensor;
        }
        if (tensor instanceof PermutedTensor inner) {
            return of(
                    inner.source,
                    Arrays.stream(axes).map(axis -> inner.axes[axis]).toArray());
        }
        if (tensor.size() == 0 || Merged.of(tensor, axes).rank() < 2) {
            return new Reshaped(tensor, shape(tensor, axes));
        }
        return new PermutedTensor(tensor, axes.clone());
    }

    /** Slices the original instead, so that permuting back costs nothing. */
    Tensor sliced(int axis, int[] keep) {
        if (axis < 0 || axis >= axes.length) {
            throw new IllegalArgumentException("no axis " + axis + " in shape " + shape);
        }
        return of(SlicedTensor.of(source, axes[axis], keep), axes);
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
        long at = offset;
        while (target.hasRemaining()) {
            Tile tile = tile(at);
            int from = (int) (at - tile.start()) * width;
            int length = Math.min(target.remaining(), tile.bytes().length - from);
            target.put(tile.bytes(), from, length);
            at += length / width;
        }
    }

    private Tile tile(long element) {
        Tile tile = last.get();
        if (tile == null || !tile.holds(element, type().bytes())) {
            tile = load(element / inner);
            last = new SoftReference<>(tile);
        }
        return tile;
    }

    /** The tile that holds a position of the cut axis, counted through all positions of the axes before it. */
    private Tile load(long row) {
        long extent = merged.extent(cut);
        int first = (int) (row % extent / rows) * rows;
        int count = (int) Math.min(rows, extent - first);
        long before = row / extent;
        Tensor box = merged.slice(cut, first, count);
        long rest = before;
        for (int axis = cut - 1; axis >= 0; axis--) {
            box = merged.slice(box, axis, (int) (rest % merged.extent(axis)), 1);
            rest /= merged.extent(axis);
        }
        byte[] bytes = new byte[Math.toIntExact(count * inner * type().bytes())];
        new Turn(box, merged.axes(), bytes).run();
        return new Tile((before * extent + first) * inner, bytes);
    }

    private static List<Long> shape(Tensor source, int[] axes) {
        return Arrays.stream(axes).mapToObj(source.shape()::get).toList();
    }

    @Override
    public String toString() {
        return type() + shape.toString();
    }

    /** Elements without gaps, from an index of the permuted tensor on. */
    private record Tile(long start, byte[] bytes) {

        boolean holds(long element, int width) {
            return element >= start && element < start + bytes.length / width;
        }
    }

    /** A tensor under another shape of the same size. */
    private record Reshaped(Tensor source, List<Long> shape) implements Tensor {

        @Override
        public DataType type() {
            return source.type();
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            source.read(offset, target);
        }
    }

    /**
     * A permutation with as few axes as possible: those of extent 1 left out, neighbours that stay neighbours made one.
     *
     * @param source the original under the shape of these axes
     * @param axes axis of {@code source} for each axis of the view
     */
    private record Merged(Tensor source, int[] axes) {

        static Merged of(Tensor source, int[] permutation) {
            List<Long> extents = source.shape();
            List<List<Integer>> runs = new ArrayList<>();
            int previous = -1;
            for (int axis : permutation) {
                if (extents.get(axis) == 1) {
                    continue;
                }
                if (runs.isEmpty() || !follows(extents, previous, axis)) {
                    runs.add(new ArrayList<>());
                }
                runs.get(runs.size() - 1).add(axis);
                previous = axis;
            }
            int[] order = IntStream.range(0, runs.size())
                    .boxed()
                    .sorted((a, b) -> runs.get(a).get(0) - runs.get(b).get(0))
                    .mapToInt(Integer::intValue)
                    .toArray();
            List<Long> shape = new ArrayList<>();
            int[] axes = new int[order.length];
            for (int place = 0; place < order.length; place++) {
                axes[order[place]] = place;
                shape.add(runs.get(order[place]).stream().map(extents::get).reduce(1L, Math::multiplyExact));
            }
            return new Merged(new Reshaped(source, List.copyOf(shape)), axes);
        }

        /** Whether one axis comes right behind another, axes of extent 1 not counted. */
        private static boolean follows(List<Long> extents, int before, int axis) {
            return axis > before && extents.subList(before + 1, axis).stream().allMatch(extent -> extent == 1);
        }

        int rank() {
            return axes.length;
        }

        long extent(int axis) {
            return source.shape().get(axes[axis]);
        }

        Tensor slice(int axis, int first, int count) {
            return slice(source, axis, first, count);
        }

        Tensor slice(Tensor box, int axis, int first, int count) {
            return count == extent(axis)
                    ? box
                    : SlicedTensor.of(
                            box,
                            axes[axis],
                            IntStream.range(first, first + count).toArray());
        }
    }

    /** Reads a box and puts its elements into the order of the permuted axes. */
    private static final class Turn {

        private final ByteBuffer box;
        private final ByteBuffer turned;
        private final int width;
        private final int[] extents;
        /** Elements of the box between neighbours along each axis. */
        private final int[] strides;

        Turn(Tensor source, int[] axes, byte[] target) {
            this.width = source.type().bytes();
            this.box = ByteBuffer.allocate(Math.toIntExact(source.byteSize())).order(ByteOrder.LITTLE_ENDIAN);
            source.read(0, box);
            this.turned = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
            this.extents = new int[axes.length];
            this.strides = new int[axes.length];
            List<Long> shape = source.shape();
            for (int axis = 0; axis < axes.length; axis++) {
                extents[axis] = Math.toIntExact(shape.get(axes[axis]));
                strides[axis] = Math.toIntExact(
                        shape.subList(axes[axis] + 1, shape.size()).stream().reduce(1L, Math::multiplyExact));
            }
        }

        void run() {
            along(0, 0, 0);
        }

        /** Fills everything behind one position; returns the index behind the last element written. */
        private int along(int axis, int from, int to) {
            int extent = extents[axis];
            int stride = strides[axis];
            if (axis < extents.length - 1) {
                int next = to;
                for (int i = 0; i < extent; i++) {
                    next = along(axis + 1, from + i * stride, next);
                }
                return next;
            }
            if (stride == 1) {
                turned.put(to * width, box, from * width, extent * width);
            } else {
                gather(from, to, extent, stride);
            }
            return to + extent;
        }

        private void gather(int from, int to, int count, int stride) {
            for (int i = 0; i < count; i++) {
                int source = (from + i * stride) * width;
                int target = (to + i) * width;
                switch (width) {
                    case Byte.BYTES -> turned.put(target, box.get(source));
                    case Short.BYTES -> turned.putShort(target, box.getShort(source));
                    case Integer.BYTES -> turned.putInt(target, box.getInt(source));
                    default -> turned.putLong(target, box.getLong(source));
                }
            }
        }
    }
}
