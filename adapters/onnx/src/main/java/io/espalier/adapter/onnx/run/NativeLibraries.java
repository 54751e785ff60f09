package io.espalier.adapter.onnx.run;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.file.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The native libraries of onnxruntime in a temporary folder that is deleted as soon as they are loaded, or when the process ends
 * where that is not possible.
 *
 * <p>Onnxruntime would unpack them to a folder of its own and delete it when the process ends, which a process that is killed never
 * does.
 */
final class NativeLibraries implements AutoCloseable {

    private static final String PROPERTY = "onnxruntime.native.path";
    /** How onnxruntime calls the folder that it makes even when it is told where the libraries are. */
    private static final String OWN_FOLDERS = "onnxruntime-java*";

    private static final Duration DEAD = Duration.ofMinutes(1);
    private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

    private final Optional<TemporaryFolder> folder;

    private NativeLibraries(Optional<TemporaryFolder> folder) {
        this.folder = folder;
    }

    /**
     * Unpacks the libraries and tells onnxruntime where they are. Does nothing when somebody has told it already, or when there
     * are none for this machine.
     *
     * @throws InvalidInputException when they cannot be written
     */
    static NativeLibraries unpack() {
        if (System.getProperty(PROPERTY) != null
                || NAMES.stream().anyMatch(name -> NativeLibraries.class.getResource(resource(name)) == null)) {
            return new NativeLibraries(Optional.empty());
        }
        deleteThoseOfKilled(Path.of(System.getProperty("java.io.tmpdir")));
        TemporaryFolder folder = TemporaryFolder.create();
        for (String name : NAMES) {
            unpack(name, folder);
        }
        System.setProperty(PROPERTY, folder.path().toString());
        return new NativeLibraries(Optional.of(folder));
    }

    /** A process that is killed while it loads the libraries leaves an empty folder: one that lives fills or deletes it at once. */
    private static void deleteThoseOfKilled(Path temporary) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, OWN_FOLDERS)) {
            Instant dead = Instant.now().minus(DEAD);
            for (Path folder : folders) {
                if (Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(dead)) {
                    deleteIfEmpty(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException changing) {
            // Somebody else tidies up, too; the next process looks again.
            return;
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException | AccessDeniedException notOurs) {
            return;
        }
    }

    private static void unpack(String name, TemporaryFolder folder) {
        try (InputStream library = NativeLibraries.class.getResourceAsStream(resource(name))) {
            Files.copy(library, folder.file(System.mapLibraryName(name)));
        } catch (IOException e) {
            folder.close();
            throw new InvalidInputException(
                    "The libraries of onnxruntime cannot be written to " + folder.path() + ": " + e.getMessage()
                            + "; name another folder for temporary files with -Djava.io.tmpdir.",
                    e);
        }
    }

    /** Deletes the folder of the libraries, which are loaded by now. */
    @Override
    public void close() {
        folder.ifPresent(unpacked -> {
            System.clearProperty(PROPERTY);
            unpacked.close();
        });
    }

    private static String resource(String library) {
        return "/ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName(library);
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String os = system.contains("win") ? "win" : system.contains("mac") ? "osx" : "linux";
        boolean arm = machine.startsWith("aarch64") || machine.startsWith("arm64");
        return os + (arm ? "-aarch64" : "-x64");
    }
}
