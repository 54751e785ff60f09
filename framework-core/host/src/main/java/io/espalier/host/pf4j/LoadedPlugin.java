package io.espalier.host.pf4j;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A started plug-in, free of PF4J types.
 *
 * @param id its plug-in id
 * @param version its version
 * @param requires the SPI versions it asks for, as written; {@code *} when it asks for none
 * @param description one line, may be empty
 * @param path where it was found
 * @param dependencies ids of the plug-ins it needs, optional ones included
 * @param loader its class loader
 */
public record LoadedPlugin(
        String id,
        String version,
        String requires,
        String description,
        Path path,
        Set<String> dependencies,
        URLClassLoader loader) {

    /** Resources the plug-in itself brings, not those of the host or of other plug-ins. */
    public List<URL> own(String resource) throws IOException {
        return Collections.list(loader.findResources(resource));
    }
}
