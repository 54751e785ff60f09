package io.espalier.plugin.idx;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.DataType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an idx file says of itself: two zero bytes, the type, the number of axes, and the extent of each as a big-endian
 * 32-bit number.
 *
 * @param bytes its own length
 * @param dataBytes length of the elements after it
 */
record IdxHeader(DataType type, List<Long> shape, int bytes, long dataBytes) {

    private static final int MAGIC_BYTES = 4;
    private static final int MOST_AXES = 8;
    private static final Map<Integer, DataType> TYPES = Map.of(
            0x08, DataType.UINT8,
            0x09, DataType.INT8,
            0x0B, DataType.INT16,
            0x0C, DataType.INT32,
            0x0D, DataType.FLOAT32,
            0x0E, DataType.FLOAT64);

    /** Whether a file that begins like this is of this format. */
    static boolean isMagic(byte[] head) {
        return head.length >= MAGIC_BYTES
                && head[0] == 0
                && head[1] == 0
                && TYPES.containsKey((int) head[2])
                && head[3] >= 1
                && head[3] <= MOST_AXES;
    }

    /** Reads a header; the stream then stands at the first element. */
    static IdxHeader read(String owner, InputStream in) throws IOException {
        byte[] magic = exactly(in, MAGIC_BYTES);
        if (!isMagic(magic)) {
            throw new InvalidInputException(owner + " is not an idx file: it does not begin with two zero bytes, a type"
                    + " and a number of axes");
        }
        int axes = magic[3];
        ByteBuffer extents = ByteBuffer.wrap(exactly(in, axes * Integer.BYTES));
        List<Long> shape = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            shape.add(Integer.toUnsignedLong(extents.getInt()));
        }
        if (shape.contains(0L)) {
            throw new InvalidInputException(owner + " holds no examples: its shape is " + shape);
        }
        DataType type = TYPES.get((int) magic[2]);
        return new IdxHeader(type, shape, MAGIC_BYTES + axes * Integer.BYTES, dataBytes(owner, shape, type));
    }

    private static long dataBytes(String owner, List<Long> shape, DataType type) {
        return shape.stream()
                .map(Optional::of)
                .reduce(Optional.of((long) type.bytes()), IdxHeader::product)
                .orElseThrow(() -> new InvalidInputException(owner + " declares the impossible shape " + shape));
    }

    private static Optional<Long> product(Optional<Long> one, Optional<Long> other) {
        return one.flatMap(left -> other.filter(right -> Math.multiplyHigh(left, right) == 0 && left * right >= 0)
                .map(right -> left * right));
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("it ends within the header");
        }
        return bytes;
    }
}
