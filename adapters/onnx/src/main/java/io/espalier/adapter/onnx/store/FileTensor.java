package io.espalier.adapter.onnx.store;

import io.espalier.adapter.support.FileBytes;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/** A tensor whose little-endian elements lie in one piece in a file. */
record FileTensor(DataType type, List<Long> shape, FileChannel channel, long position) implements Tensor {

    @Override
    public void read(long offset, ByteBuffer target) {
        try {
            FileBytes.read(channel, position + offset * type.bytes(), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
