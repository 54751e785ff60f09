package io.espalier.engine.recover;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A tensor in a file of its own.
 *
 * @param type type of the elements
 * @param shape extent of each axis
 * @param file holds the elements and nothing else
 */
record StoredTensor(DataType type, List<Long> shape, Path file) implements Tensor {

    /** Writes a tensor into a new file. */
    static StoredTensor write(Tensor tensor, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = Tensors.toBytes(tensor);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        return new StoredTensor(tensor.type(), tensor.shape(), file);
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        long at = offset * type.bytes();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (target.hasRemaining()) {
                int read = channel.read(target, at);
                if (read < 0) {
                    throw new EOFException(file + " ends too early");
                }
                at += read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the file. */
    void delete() {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
