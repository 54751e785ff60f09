package io.espalier.host.pf4j;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * @param classes its folders of classes, none for a jar
 * @param loader its class loader
 */
public record LoadedPlugin(
        String id,
        String version,
        String requires,
        String description,
        Path path,
        Set<String> dependencies,
        List<Path> classes,
        URLClassLoader loader) {

    /**
     * Services files of a name. A plug-in that declares services beside its own classes has no others, so that its
     * libraries, which may be many and large, stay closed until one of them is needed.
     */
    public List<URL> services(String file) throws IOException {
        if (classes.stream().noneMatch(folder -> Files.isDirectory(folder.resolve("META-INF/services")))) {
            return own(file);
        }
        List<URL> found = new ArrayList<>();
        for (Path folder : classes) {
            Path declared = folder.resolve(file);
            if (Files.isRegularFile(declared)) {
                found.add(declared.toUri().toURL());
            }
        }
        return found;
    }

    /** Resources the plug-in itself brings, not those of the host or of other plug-ins. */
    public List<URL> own(String resource) throws IOException {
        return Collections.list(loader.findResources(resource));
    }
}
