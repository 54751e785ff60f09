package io.espalier.engine.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The processor of this machine. */
final class Processor {

    private static final Path LINUX = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    private Processor() {}

    /** Its name, where the system tells; else its architecture. */
    static String name() {
        String other = System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch"));
        try (Stream<String> lines = Files.lines(LINUX, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(other);
        } catch (IOException noSuchFile) {
            return other;
        }
    }
}
