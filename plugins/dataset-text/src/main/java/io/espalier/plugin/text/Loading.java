package io.espalier.plugin.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Uses the library as it must be for plug-ins: it sends no telemetry and fetches nothing, it finds its files by the class loader
 * of this plug-in, and unpacks its native part into a folder of its own, since the same native file cannot serve two class
 * loaders.
 */
final class Loading {

    private static final String FOLDER = "ENGINE_CACHE_DIR";

    private Loading() {}

    /** Something that opens what the library offers. */
    interface Work<T> {
        T done() throws IOException;
    }

    /** Does the work; settings of the whole process are as before afterwards. */
    static synchronized <T> T inPeace(Work<T> work) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        Map<String, String> settings = new LinkedHashMap<>();
        put(settings, "ai.djl.offline", "true");
        put(settings, "OPT_OUT_TRACKING", "true");
        put(settings, FOLDER, Folder.PATH.toString());
        thread.setContextClassLoader(Loading.class.getClassLoader());
        try {
            return work.done();
        } finally {
            thread.setContextClassLoader(before);
            settings.forEach(Loading::restore);
            deleteLater(Folder.PATH);
        }
    }

    /** Where the native part is unpacked, once for each class loader. */
    private static final class Folder {

        static final Path PATH = made();

        private static Path made() {
            try {
                return Files.createTempDirectory("espalier-tokenizers");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void put(Map<String, String> before, String name, String value) {
        before.put(name, System.getProperty(name));
        System.setProperty(name, value);
    }

    private static void restore(String name, String value) {
        if (value == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }

    /** A native file that is in use cannot be deleted on every system before the process ends. */
    private static void deleteLater(Path folder) throws IOException {
        List<Path> unpacked;
        try (Stream<Path> files = Files.walk(folder)) {
            unpacked = files.toList();
        }
        unpacked.forEach(each -> each.toFile().deleteOnExit());
    }
}
