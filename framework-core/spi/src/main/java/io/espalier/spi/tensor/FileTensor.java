package io.espalier.spi.tensor;

import io.espalier.spi.Stability;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/**
 * Elements that lie together in a file and are read in blocks. The file is opened for each block: no handle is kept, since
 * a tensor is never closed.
 *
 * @param file the file
 * @param start where the first element lies, in bytes
 * @param order the order of the bytes of an element
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record FileTensor(Path file, long start, DataType type, List<Long> shape, ByteOrder order) implements Tensor {

    public FileTensor {
        shape = List.copyOf(shape);
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        int from = target.position();
        Objects.checkFromIndexSize(offset, target.remaining() / type.bytes(), size());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long position = start + offset * type.bytes();
            while (target.hasRemaining()) {
                int count = channel.read(target, position);
                if (count < 0) {
                    throw new EOFException("'" + file + "' was truncated while it was in use");
                }
                position += count;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (order == ByteOrder.BIG_ENDIAN) {
            Elements.reverseBytes(type, target, from, target.position());
        }
    }
}
