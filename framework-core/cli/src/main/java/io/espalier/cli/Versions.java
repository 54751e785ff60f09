package io.espalier.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions of what is running. */
final class Versions {

    private Versions() {}

    /** The version of Espalier. */
    static String espalier() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("cli.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /** Version and vendor of the Java runtime. */
    static String java() {
        return System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")";
    }

    /** Name, version and architecture of the operating system. */
    static String operatingSystem() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }
}
