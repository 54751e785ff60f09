package io.espalier.plugin.idx;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.GzipFiles;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.FileTensor;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One idx file, plain or compressed.
 *
 * @param heapBytes most bytes that may be decoded
 */
record IdxFile(Path path, long heapBytes, RunContext context) {

    /** Deflate cannot shrink data more than 1032 times. */
    private static final long MAX_COMPRESSION = 1032;

    private static final int BLOCK = 1 << 20;

    /** The array in the file. */
    Tensor read() {
        if (!Files.isRegularFile(path)) {
            throw new InvalidInputException("'" + path + "' "
                    + (Files.exists(path) ? "is not a file" : "does not exist") + "; name an idx file");
        }
        try (InputStream in = GzipFiles.open(path)) {
            return in instanceof GZIPInputStream ? decoded(in) : stored(in);
        } catch (EOFException | ZipException e) {
            throw damaged(e.getMessage());
        } catch (IOException e) {
            throw new InvalidInputException("data file '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private Tensor stored(InputStream in) throws IOException {
        IdxHeader header = IdxHeader.read("'" + path + "'", in);
        long held = Files.size(path) - header.bytes();
        if (held != header.dataBytes()) {
            throw damaged("its shape " + header.shape() + " of " + header.type() + " takes " + header.dataBytes()
                    + " bytes, but it holds " + held);
        }
        return new FileTensor(path, header.bytes(), header.type(), header.shape(), ByteOrder.BIG_ENDIAN);
    }

    private Tensor decoded(InputStream in) throws IOException {
        IdxHeader header = IdxHeader.read("'" + path + "'", in);
        if (header.dataBytes() / MAX_COMPRESSION > Files.size(path)) {
            throw damaged("its shape " + header.shape() + " takes more bytes than so short a file can hold");
        }
        if (header.dataBytes() > Math.min(heapBytes, Integer.MAX_VALUE)) {
            throw new InvalidInputException("'" + path + "' takes " + header.dataBytes() + " bytes when decoded, more"
                    + " than the " + heapBytes + " allowed; decompress it (gunzip), then it is read in blocks");
        }
        byte[] data = new byte[(int) header.dataBytes()];
        for (int read = 0; read < data.length; ) {
            context.checkCancelled();
            int count = in.readNBytes(data, read, Math.min(BLOCK, data.length - read));
            if (count == 0) {
                throw new EOFException("it ends after " + read + " of " + data.length + " bytes of elements");
            }
            read += count;
        }
        if (in.read() >= 0) {
            throw damaged("it holds more than the " + data.length + " bytes of its shape " + header.shape());
        }
        ByteBuffer elements = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        Elements.reverseBytes(header.type(), elements, 0, data.length);
        return Tensors.of(header.type(), header.shape(), elements);
    }

    private InvalidInputException damaged(String reason) {
        return new InvalidInputException("'" + path + "' is damaged (" + reason + "); fetch or write the file again");
    }
}
