package io.espalier.adapter.onnx.store;

import io.espalier.adapter.support.FileBytes;
import io.espalier.spi.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Collects what is written into large pieces: models consist of very many small messages, and of tensors that are read
 * straight into the buffer. Flushed by whoever finishes the output; does not close its target. Not thread-safe.
 */
final class BufferedOutput extends OutputStream {

    private static final int BUFFER_BYTES = 1 << 18;

    private final WritableByteChannel target;
    /** Outside the heap, where files are read and written without a copy in between. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private long flushed;

    BufferedOutput(WritableByteChannel target) {
        this.target = target;
    }

    /** Number of bytes written so far, those in the buffer included. */
    long position() {
        return flushed + buffer.position();
    }

    @Override
    public void write(int value) throws IOException {
        makeRoom(1);
        buffer.put((byte) value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            makeRoom(1);
            int count = Math.min(buffer.remaining(), length - done);
            buffer.put(bytes, offset + done, count);
            done += count;
        }
    }

    /** Writes all elements of a tensor. */
    void write(Tensor tensor) throws IOException {
        int width = tensor.type().bytes();
        long size = tensor.size();
        for (long start = 0; start < size; ) {
            makeRoom(width);
            int count = (int) Math.min(buffer.remaining() / width, size - start);
            buffer.limit(buffer.position() + count * width);
            tensor.read(start, buffer);
            buffer.limit(buffer.capacity());
            start += count;
        }
    }

    /** Copies a range of a file; long ones do not pass through this process where the system can do that. */
    void transfer(FileChannel source, long offset, long length) throws IOException {
        if (length > BUFFER_BYTES) {
            flush();
            FileBytes.transfer(source, offset, length, target);
            flushed += length;
            return;
        }
        if (offset + length > source.size()) {
            throw new EOFException("the file has become shorter than " + (offset + length) + " bytes");
        }
        makeRoom((int) length);
        buffer.limit(buffer.position() + (int) length);
        FileBytes.read(source, offset, buffer);
        buffer.limit(buffer.capacity());
    }

    private void makeRoom(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        flushed += buffer.position();
        FileBytes.write(target, buffer.flip());
        buffer.clear();
    }
}
