package io.espalier.adapter.onnx.store;

import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** The content of a tensor's data field, kept outside the decoded message. */
sealed interface Payload {

    /** The field of the tensor message that the bytes belong to. */
    int field();

    /** Number of bytes. */
    long length();

    /** Copies all bytes. */
    void copyTo(BufferedOutput target) throws IOException;

    /** Bytes that stay where they are in a file. */
    record Range(int field, FileChannel channel, long offset, long length) implements Payload {

        @Override
        public void copyTo(BufferedOutput target) throws IOException {
            target.transfer(channel, offset, length);
        }
    }

    /** Elements of a tensor as raw data, read in blocks. */
    record Raw(Tensor tensor) implements Payload {

        @Override
        public int field() {
            return TensorFields.RAW_DATA;
        }

        @Override
        public long length() {
            return tensor.byteSize();
        }

        @Override
        public void copyTo(BufferedOutput target) throws IOException {
            target.write(tensor);
        }
    }
}
