package io.espalier.engine.surgery;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Some positions of one axis of a tensor, read through from the original.
 *
 * @param source the original
 * @param shape the shape that is left
 * @param keep positions kept, ascending
 * @param inner elements of one position
 */
record SlicedTensor(Tensor source, List<Long> shape, int[] keep, long inner) implements Tensor {

    static Tensor of(Tensor source, int axis, int[] keep) {
        List<Long> shape = new ArrayList<>(source.shape());
        shape.set(axis, (long) keep.length);
        long inner = 1;
        for (long extent : source.shape().subList(axis + 1, source.shape().size())) {
            inner *= extent;
        }
        return new SlicedTensor(source, List.copyOf(shape), keep, inner);
    }

    @Override
    public DataType type() {
        return source.type();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        int width = type().bytes();
        int end = target.limit();
        long extent = extent();
        long at = offset;
        while (target.position() < end) {
            long row = at / (keep.length * inner);
            long rest = at % (keep.length * inner);
            int position = (int) (rest / inner);
            long within = rest % inner;
            // Neighbouring positions that are all kept are read in one go.
            int run = position + 1;
            while (run < keep.length && keep[run] == keep[run - 1] + 1) {
                run++;
            }
            long count = Math.min((run - position) * inner - within, (end - target.position()) / width);
            target.limit(target.position() + (int) (count * width));
            source.read((row * extent + keep[position]) * inner + within, target);
            at += count;
        }
        target.limit(end);
    }

    private long extent() {
        long outer = size() / (keep.length * inner);
        return source.size() / (outer * inner);
    }
}
