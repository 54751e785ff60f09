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
import org.pf4j.util.Unzip;

/**
 * Expands plug-in zips beside themselves, into {@code .expanded/NAME-DIGEST}. The digest keeps an older expansion from
 * being taken for a newer zip, and the final move lets several processes start at once.
 */
final class ZipExpansion {

    private static final int DIGEST_CHARACTERS = 12;

    private ZipExpansion() {}

    static Path expand(Path zip) throws IOException {
        String file = zip.getFileName().toString();
        String stem = file.substring(0, file.length() - ".zip".length());
        Path parent = Files.createDirectories(zip.resolveSibling(".expanded"));
        Path target = parent.resolve(stem + "-" + digest(zip).substring(0, DIGEST_CHARACTERS));
        if (Files.isDirectory(target)) {
            return target;
        }
        Path work = Files.createTempDirectory(parent, stem + "-");
        try {
            new Unzip(zip.toFile(), work.toFile()).extract();
            move(work, target);
        } finally {
            FileTree.delete(work);
        }
        return target;
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
