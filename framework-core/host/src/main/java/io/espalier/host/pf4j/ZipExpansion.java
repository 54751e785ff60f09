package io.espalier.host.pf4j;

import io.espalier.spi.file.FileTree;
import io.espalier.spi.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.zip.ZipInputStream;
import org.pf4j.util.Unzip;

/**
 * Expands plug-in zips beside themselves, into {@code .expanded/NAME-DIGEST}. The digest keeps an older expansion from
 * being taken for a newer zip, and the final move lets several processes start at once.
 */
final class ZipExpansion {

    private static final int DIGEST_CHARACTERS = 12;

    /** The largest plug-in with libraries for all platforms has half of it. */
    private static final long MOST_BYTES = 2L << 30;

    private static final int MOST_ENTRIES = 100_000;

    private ZipExpansion() {}

    static Path expand(Path zip) throws IOException {
        String file = zip.getFileName().toString();
        String stem = file.substring(0, file.length() - ".zip".length());
        Path parent = Files.createDirectories(zip.resolveSibling(".expanded"));
        Path target = parent.resolve(stem + "-" + digest(zip).substring(0, DIGEST_CHARACTERS));
        if (Files.isDirectory(target)) {
            return target;
        }
        requireFits(zip);
        Path work = Files.createTempDirectory(parent, stem + "-");
        try {
            new Unzip(zip.toFile(), work.toFile()).extract();
            move(work, target);
        } finally {
            FileTree.delete(work);
        }
        return target;
    }

    /** What the entries say of their own sizes need not be true, so they are read. */
    private static void requireFits(Path zip) throws IOException {
        byte[] block = new byte[1 << 16];
        long bytes = 0;
        int entries = 0;
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            while (in.getNextEntry() != null) {
                entries++;
                for (int count = 0; count >= 0; count = in.read(block)) {
                    bytes += count;
                    if (bytes > MOST_BYTES || entries > MOST_ENTRIES) {
                        throw new TooLargeException("the zip unpacks to more than " + (MOST_BYTES >> 30) + " GiB or "
                                + MOST_ENTRIES + " files");
                    }
                }
            }
        }
    }

    /** A zip unpacks to more than a plug-in has. */
    static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        private TooLargeException(String message) {
            super(message);
        }
    }

    private static void move(Path work, Path target) throws IOException {
        try {
            Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another process may have been faster; its result is the same.
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Sha256.hexadecimal(digest);
    }
}
