package io.espalier.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of the SPI this host offers; plug-ins are checked against it. */
final class SpiVersion {

    private SpiVersion() {}

    /** Without qualifier: PF4J ranks 1.0.0-SNAPSHOT below 1.0.0 and would refuse plug-ins made for 1.0.0. */
    static String current() {
        Properties properties = new Properties();
        try (InputStream in = SpiVersion.class.getResourceAsStream("host.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return withoutQualifier(properties.getProperty("spi.version"));
    }

    static String withoutQualifier(String version) {
        return version.replaceFirst("[-+].*", "");
    }
}
