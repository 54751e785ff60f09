package io.espalier.spi.tensor;

import io.espalier.spi.Stability;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A dense array of numbers that is read in blocks, so that no more than a block needs to be in memory.
 *
 * <p>Elements lie in row-major order. Immutable and safe for use by several threads. Reading from a file that has
 * disappeared throws {@link java.io.UncheckedIOException}.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface Tensor {

    /** Type of the elements. */
    DataType type();

    /** Extent of each axis, outermost first; empty for a scalar. */
    List<Long> shape();

    /**
     * Copies raw little-endian elements.
     *
     * @param offset index of the first element to copy, row-major
     * @param target filled from its position to its limit; the remaining bytes must be a multiple of the element size
     */
    void read(long offset, ByteBuffer target);

    /** Number of elements: the product of {@link #shape()}, 1 for a scalar. */
    default long size() {
        long size = 1;
        for (long extent : shape()) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    /** Number of bytes of all elements. */
    default long byteSize() {
        return Math.multiplyExact(size(), (long) type().bytes());
    }
}
