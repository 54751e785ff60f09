package io.espalier.spi.data;

import io.espalier.spi.Stability;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files that may be compressed with gzip, recognised by their first bytes. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class GzipFiles {

    /** Most bytes that the beginning of a file is decoded to. */
    public static final int MOST_HEAD_BYTES = 1 << 16;

    private GzipFiles() {}

    /** Whether a file that begins like this is compressed. */
    public static boolean isGzip(byte[] head) {
        return head.length > 1 && head[0] == 0x1F && head[1] == (byte) 0x8B;
    }

    /** The first bytes of a file without compression, as far as they can be decoded: at most 64 KiB of a compressed one. */
    public static byte[] head(byte[] head) {
        if (!isGzip(head)) {
            return head;
        }
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(head))) {
            for (int next = in.read(); next >= 0 && decoded.size() < MOST_HEAD_BYTES; next = in.read()) {
                decoded.write(next);
            }
        } catch (IOException e) {
            // A head is cut somewhere; what came before the cut is what can be known.
            return decoded.toByteArray();
        }
        return decoded.toByteArray();
    }

    /**
     * The bytes of a file without compression.
     *
     * @throws IOException when the file cannot be read; reading throws it too where compressed bytes are damaged
     */
    public static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        try {
            in.mark(2);
            boolean compressed = isGzip(in.readNBytes(2));
            in.reset();
            return compressed ? new GZIPInputStream(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
