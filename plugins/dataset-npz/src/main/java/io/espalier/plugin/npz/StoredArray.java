package io.espalier.plugin.npz;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An uncompressed array that is read from the archive block by block.
 *
 * <p>The archive is opened for each block: no handle stays open, since a data set is never closed.
 */
record StoredArray(Path file, String entry, long entryBytes, NpyHeader header) implements Tensor {

    private static final int COPY_BYTES = 1 << 16;

    @Override
    public DataType type() {
        return header.type();
    }

    @Override
    public List<Long> shape() {
        return header.shape();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        Objects.checkFromIndexSize(offset, target.remaining() / type().bytes(), size());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry found = zip.getEntry(entry);
            if (found == null || found.getSize() != entryBytes || found.getMethod() != ZipEntry.STORED) {
                throw new IOException("'" + file + "' was changed while it was in use");
            }
            try (InputStream in = zip.getInputStream(found)) {
                in.skipNBytes(header.bytes() + offset * type().bytes());
                copy(in, target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(InputStream in, ByteBuffer target) throws IOException {
        byte[] block = new byte[Math.min(COPY_BYTES, target.remaining())];
        while (target.hasRemaining()) {
            int count = Math.min(block.length, target.remaining());
            if (in.readNBytes(block, 0, count) < count) {
                throw new EOFException("'" + file + "' was truncated while it was in use");
            }
            header.toLittleEndian(block, 0, count);
            target.put(block, 0, count);
        }
    }
}
