package io.espalier.api;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Arrays of one type one after the other along the first axis.
 *
 * @param shape the shape of all of them
 */
record JoinedTensor(List<Tensor> parts, List<Long> shape) implements Tensor {

    static JoinedTensor of(List<Tensor> parts) {
        List<Long> shape = new ArrayList<>(parts.get(0).shape());
        shape.set(0, parts.stream().mapToLong(part -> part.shape().get(0)).sum());
        return new JoinedTensor(parts, List.copyOf(shape));
    }

    @Override
    public DataType type() {
        return parts.get(0).type();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        int width = type().bytes();
        Objects.checkFromIndexSize(offset, target.remaining() / width, size());
        int limit = target.limit();
        long next = offset;
        long start = 0;
        for (Tensor part : parts) {
            long end = start + part.size();
            int count = (int) Math.min(Math.max(0, end - next), (limit - target.position()) / width);
            if (count > 0) {
                part.read(next - start, target.limit(target.position() + count * width));
                next += count;
            }
            start = end;
        }
        target.limit(limit);
    }
}
