package io.espalier.host.pf4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
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
            delete(work);
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

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
