package io.espalier.testkit;

import io.espalier.spi.provider.Provider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Builds a plug-in jar as Maven would: compiles sources against the SPI, adds services files and the manifest that the
 * host reads.
 *
 * <p>For tests that drop a plug-in into a folder. Needs a JDK at run time. Not thread-safe.
 */
public final class PluginJarBuilder {

    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, String> sources = new TreeMap<>();
    private final Map<String, byte[]> entries = new TreeMap<>();

    private PluginJarBuilder(String id) {
        manifest("Plugin-Id", id)
                .manifest("Plugin-Version", "1.0.0")
                .manifest("Plugin-Requires", ">=0.2.0 & <1.0.0")
                .manifest("Plugin-Provider", "Test")
                .manifest("Plugin-Description", "A plug-in of a test");
    }

    /** Begins a plug-in of version 1.0.0 for SPI versions from 0.2.0 up to 1.0.0. */
    public static PluginJarBuilder plugin(String id) {
        return new PluginJarBuilder(id);
    }

    /**
     * Begins a plug-in from a folder in Maven's layout: {@code src/main/java} and {@code src/main/resources}.
     *
     * @param id plug-in id; the pom is not read
     * @param project the folder
     */
    public static PluginJarBuilder project(String id, Path project) {
        PluginJarBuilder builder = plugin(id);
        Path java = project.resolve("src/main/java");
        files(java)
                .forEach((name, content) ->
                        builder.source(className(name), new String(content, StandardCharsets.UTF_8)));
        files(project.resolve("src/main/resources")).forEach(builder::entry);
        return builder;
    }

    /** Sets an entry of the manifest. */
    public PluginJarBuilder manifest(String name, String value) {
        manifest.put(name, value);
        return this;
    }

    /** Leaves an entry out of the manifest. */
    public PluginJarBuilder withoutManifest(String name) {
        manifest.remove(name);
        return this;
    }

    /** Adds a class to compile. */
    public PluginJarBuilder source(String className, String code) {
        sources.put(className, code);
        return this;
    }

    /** Names classes in a services file. */
    public PluginJarBuilder service(Class<?> point, String... classNames) {
        String lines = String.join("\n", classNames) + "\n";
        return entry("META-INF/services/" + point.getName(), lines.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds any entry, such as a resource or a class from elsewhere; it goes before a compiled class of that name. */
    public PluginJarBuilder entry(String path, byte[] content) {
        entries.put(path, content.clone());
        return this;
    }

    /**
     * Compiles and writes the jar; equal input gives equal bytes.
     *
     * @param jar the file to write, replaced when it exists
     * @return {@code jar}
     * @throws IllegalArgumentException when a source does not compile; the message is the compiler's
     */
    public Path build(Path jar) {
        Map<String, byte[]> content = new TreeMap<>(InMemoryCompiler.compile(sources, spiClassPath()));
        content.putAll(entries);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            write(zip, "META-INF/MANIFEST.MF", manifestBytes());
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                write(zip, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    private static void write(JarOutputStream zip, String path, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(path);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private byte[] manifestBytes() throws IOException {
        Manifest written = new Manifest();
        written.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach((name, value) -> written.getMainAttributes().put(new Attributes.Name(name), value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        written.write(bytes);
        return bytes.toByteArray();
    }

    /** Where the SPI of this JVM lies: a jar, or a folder of classes. */
    private static Path spiClassPath() {
        try {
            return Path.of(Provider.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String className(String path) {
        return path.replaceFirst("\\.java$", "").replace('/', '.');
    }

    /** Every file below a folder, by its path with slashes; nothing when there is no such folder. */
    private static Map<String, byte[]> files(Path folder) {
        Map<String, byte[]> files = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return files;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> regular = found.filter(Files::isRegularFile).toList();
            for (Path file : regular) {
                files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}
