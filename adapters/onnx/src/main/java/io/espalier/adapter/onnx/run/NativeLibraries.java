package io.espalier.adapter.onnx.run;

import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The native libraries of onnxruntime in a folder that is named after this process and deleted as soon as they are loaded.
 *
 * <p>Onnxruntime would unpack them to a folder of its own and delete it when the process ends, which a process that is killed never
 * does. What a process that does not live any more has left here is deleted by the next. Where the folder cannot be deleted while
 * the libraries are loaded, it is deleted when the process ends.
 */
final class NativeLibraries {

    private static final String PROPERTY = "onnxruntime.native.path";
    private static final String PREFIX = "espalier-onnxruntime-";
    private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

    private final Optional<Path> folder;

    private NativeLibraries(Optional<Path> folder) {
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
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            deleteThoseOfTheDead(temporary);
            Path folder = Files.createTempDirectory(
                    temporary, PREFIX + ProcessHandle.current().pid() + "-");
            for (String name : NAMES) {
                try (InputStream library = NativeLibraries.class.getResourceAsStream(resource(name))) {
                    Files.copy(library, folder.resolve(System.mapLibraryName(name)));
                }
            }
            System.setProperty(PROPERTY, folder.toString());
            return new NativeLibraries(Optional.of(folder));
        } catch (IOException e) {
            throw new InvalidInputException(
                    "The libraries of onnxruntime cannot be written to " + temporary + ": " + e.getMessage()
                            + "; name another folder for temporary files with -Djava.io.tmpdir.",
                    e);
        }
    }

    /** Deletes the folder of the libraries, which are loaded by now. */
    void delete() {
        folder.ifPresent(unpacked -> {
            System.clearProperty(PROPERTY);
            try {
                delete(unpacked);
            } catch (IOException stillInUse) {
                unpacked.toFile().deleteOnExit();
                NAMES.forEach(name ->
                        unpacked.resolve(System.mapLibraryName(name)).toFile().deleteOnExit());
            }
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

    /** Deletes the folders of processes that do not live any more; one that another process deletes meanwhile is no matter. */
    static void deleteThoseOfTheDead(Path temporary) throws IOException {
        try (Stream<Path> all = Files.list(temporary)) {
            for (Path each : all.filter(NativeLibraries::isOfTheDead).toList()) {
                delete(each);
            }
        }
    }

    private static boolean isOfTheDead(Path folder) {
        String name = folder.getFileName().toString();
        if (!name.startsWith(PREFIX)) {
            return false;
        }
        String process = name.substring(PREFIX.length()).split("-", 2)[0];
        return process.matches("[0-9]{1,18}")
                && Files.isWritable(folder)
                && ProcessHandle.of(Long.parseLong(process)).isEmpty();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
