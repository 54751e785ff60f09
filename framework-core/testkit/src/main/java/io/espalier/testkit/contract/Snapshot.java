package io.espalier.testkit.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What lies on the disk at a moment. */
final class Snapshot {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private Snapshot() {}

    /** Digests of all files below a folder, by relative path; folders count by their names. */
    static Map<String, String> of(Path folder) {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.toList()) {
                files.put(folder.relativize(path).toString(), Files.isRegularFile(path) ? digest(path) : "folder");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Names in the folder for temporary files, and in the folder of this process there. */
    static Set<String> temporaryFiles() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        String ours = "espalier-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> found = Files.list(temporary)) {
            Set<String> names = new TreeSet<>();
            for (Path path : found.toList()) {
                names.add(path.getFileName().toString());
                if (path.getFileName().toString().startsWith(ours)) {
                    names.addAll(of(path).keySet());
                }
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files below a folder that this process has open; nothing where the system does not tell. */
    static List<Path> openFiles(Path folder) {
        if (!Files.isDirectory(OPEN_FILES)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(OPEN_FILES)) {
            Path real = folder.toRealPath();
            return found.map(Snapshot::target)
                    .filter(path -> path.startsWith(real))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a link leads; itself when it has gone in the meantime. */
    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link;
        }
    }

    private static String digest(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return new BigInteger(1, digest).toString(Character.MAX_RADIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
