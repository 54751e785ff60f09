package io.espalier.cli;

/** Versions of what is running. */
final class Versions {

    private Versions() {}

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
