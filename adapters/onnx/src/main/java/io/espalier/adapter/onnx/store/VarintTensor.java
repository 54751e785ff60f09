package io.espalier.adapter.onnx.store;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * A tensor stored as packed variable-length integers in a file: {@code int32_data}, {@code int64_data} or
 * {@code uint64_data}. Every so many elements the file position is remembered, so that blocks can be read.
 */
final class VarintTensor implements Tensor {

    private static final int STRIDE = 1 << 12;

    private final DataType type;
    private final List<Long> shape;
    private final FileChannel channel;
    /** File position of every {@link #STRIDE}-th element. */
    private final long[] index;

    private VarintTensor(DataType type, List<Long> shape, FileChannel channel, long[] index) {
        this.type = type;
        this.shape = shape;
        this.channel = channel;
        this.index = index;
    }

    /**
     * Indexes a range of a file.
     *
     * @return the tensor, or null when the range does not hold exactly as many numbers as the shape says
     */
    static VarintTensor open(DataType type, List<Long> shape, long size, Payload.Range range) {
        try {
            WireReader wire = new WireReader(range.channel());
            wire.seek(range.offset());
            long end = range.offset() + range.length();
            if (size > range.length()) {
                return null;
            }
            long[] index = new long[Math.toIntExact((size + STRIDE - 1) / STRIDE)];
            for (long i = 0; i < size; i++) {
                if (i % STRIDE == 0) {
                    index[(int) (i / STRIDE)] = wire.position();
                }
                wire.readVarint();
                if (wire.position() > end) {
                    return null;
                }
            }
            return wire.position() == end ? new VarintTensor(type, shape, range.channel(), index) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        try {
            int count = target.remaining() / type.bytes();
            if (count == 0) {
                return;
            }
            WireReader wire = new WireReader(channel);
            wire.seek(index[(int) (offset / STRIDE)]);
            for (long skip = offset % STRIDE; skip > 0; skip--) {
                wire.readVarint();
            }
            ByteBuffer element = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                putBits(type, element, wire.readVarint());
                target.put(element.array(), 0, type.bytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stores an integer field at the start of a buffer; for the 16-bit floating-point types it holds their bits. */
    static void putBits(DataType type, ByteBuffer element, long value) {
        switch (type) {
            case FLOAT16, BFLOAT16 -> element.putShort(0, (short) value);
            case BOOL -> element.put(0, (byte) (value == 0 ? 0 : 1));
            case INT8, UINT8 -> element.put(0, (byte) value);
            case INT16, UINT16 -> element.putShort(0, (short) value);
            case INT32, UINT32 -> element.putInt(0, (int) value);
            case INT64, UINT64 -> element.putLong(0, value);
            case FLOAT32, FLOAT64 -> Elements.put(type, element, 0, value);
        }
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
