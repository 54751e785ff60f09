package io.espalier.spi.data;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads some rows of an array whose first axis counts examples. */
final class Rows {

    private Rows() {}

    /** The rows in the order asked for, on the heap; neighbours are read together. */
    static Tensor of(String name, Tensor array, long[] rows) {
        long width = width(array);
        int rowBytes = requireFits(name, array, rows.length);
        ByteBuffer bytes = ByteBuffer.allocate(rows.length * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int start = 0; start < rows.length; ) {
            int end = start + 1;
            while (end < rows.length && rows[end] == rows[end - 1] + 1) {
                end++;
            }
            array.read(rows[start] * width, bytes.limit(end * rowBytes));
            start = end;
        }
        List<Long> shape = new ArrayList<>(array.shape());
        shape.set(0, (long) rows.length);
        return Tensors.of(array.type(), shape, bytes.flip());
    }

    /** Number of elements of a row. */
    static long width(Tensor array) {
        return array.shape().stream().skip(1).reduce(1L, Math::multiplyExact);
    }

    /**
     * Bytes of a row.
     *
     * @throws InvalidInputException when so many of them do not fit into one buffer
     */
    static int requireFits(String name, Tensor array, int rows) {
        long rowBytes = width(array) * array.type().bytes();
        if (rows > Integer.MAX_VALUE / Math.max(Long.BYTES, rowBytes)) {
            throw new InvalidInputException("A batch of " + rows + " rows of the array " + Quoted.name(name) + ", of "
                    + rowBytes + " bytes each, does not fit into memory; use smaller batches.");
        }
        return (int) rowBytes;
    }
}
