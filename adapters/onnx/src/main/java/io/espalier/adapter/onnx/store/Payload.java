package io.espalier.adapter.onnx.store;

import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** The content of a tensor's data field, kept outside the decoded message. */
sealed interface Payload {

    /** The field of the tensor message that the bytes belong to. */
    int field();

    /** Number of bytes. */
    long length();

    /** Copies all bytes. */
    void copyTo(WritableByteChannel target) throws IOException;

    /** Bytes that stay where they are in a file. */
    record Range(int field, FileChannel channel, long offset, long length) implements Payload {

        @Override
        public void copyTo(WritableByteChannel target) throws IOException {
            FileBytes.transfer(channel, offset, length, target);
        }
    }

    /** Elements of a tensor as raw data, read in blocks. */
    record Raw(Tensor tensor) implements Payload {

        /** Small enough for the collector to treat it as an ordinary object. */
        private static final int BLOCK_BYTES = 1 << 17;

        @Override
        public int field() {
            return TensorFields.RAW_DATA;
        }

        @Override
        public long length() {
            return tensor.byteSize();
        }

        @Override
        public void copyTo(WritableByteChannel target) throws IOException {
            int width = tensor.type().bytes();
            long size = tensor.size();
            ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK_BYTES, Math.max(width, length())));
            for (long start = 0; start < size; ) {
                int count = (int) Math.min(block.capacity() / width, size - start);
                block.clear().limit(count * width);
                tensor.read(start, block);
                FileBytes.write(target, block.flip());
                start += count;
            }
        }
    }
}
