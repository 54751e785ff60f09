package io.espalier.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Builds plug-ins from source at test time, in every form, sound or broken. */
final class TestingPlugin {

    static final String RANGE = ">=0.2.0 & <1.0.0";
    static final String CRITERION_SERVICE = "META-INF/services/io.espalier.spi.criterion.ImportanceCriterion";

    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private TestingPlugin() {}

    /** A plug-in with a full descriptor and nothing in it. */
    static TestingPlugin plugin(String id) {
        return bare().descriptor("Plugin-Id", id)
                .descriptor("Plugin-Version", "0.1.0-SNAPSHOT")
                .descriptor("Plugin-Requires", RANGE);
    }

    /** A jar without descriptor. */
    static TestingPlugin bare() {
        return new TestingPlugin();
    }

    /** A sound plug-in with one criterion. */
    static TestingPlugin criterion(String id, String className, String name) {
        return plugin(id)
                .source(className, criterionSource(className, name, ""))
                .service(className);
    }

    /** Source of a criterion whose scores are all 1. */
    static String criterionSource(String className, String name, String members) {
        return """
                package %s;
                import io.espalier.spi.criterion.*;
                public class %s implements SliceCriterion {
                    %s
                    public String name() { return "%s"; }
                    public String description() { return "All ones."; }
                    public double[] score(ParameterAxis axis, ScoringContext context) {
                        double[] scores = new double[axis.size()];
                        java.util.Arrays.fill(scores, 1);
                        return scores;
                    }
                }
                """.formatted(packageOf(className), simple(className), members, name);
    }

    TestingPlugin descriptor(String key, String value) {
        manifest.put(key, value);
        return this;
    }

    TestingPlugin without(String key) {
        manifest.remove(key);
        return this;
    }

    TestingPlugin source(String className, String source) {
        return sources(Map.of(className, source));
    }

    TestingPlugin sources(Map<String, String> sources) {
        compile(sources).forEach((name, bytes) -> entries.put(name.replace('.', '/') + ".class", bytes));
        return this;
    }

    TestingPlugin withoutClass(String className) {
        entries.remove(className.replace('.', '/') + ".class");
        return this;
    }

    /** Pretends that a class was compiled for another Java. */
    TestingPlugin classVersion(String className, int major) {
        byte[] bytes = entries.get(className.replace('.', '/') + ".class");
        bytes[6] = (byte) (major >>> 8);
        bytes[7] = (byte) major;
        return this;
    }

    TestingPlugin service(String... classNames) {
        return entry(CRITERION_SERVICE, String.join("\n", classNames) + "\n");
    }

    TestingPlugin entry(String name, String text) {
        entries.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Copies classes of the host into the plug-in. */
    TestingPlugin bundle(Class<?>... classes) {
        for (Class<?> type : classes) {
            String name = type.getName().replace('.', '/') + ".class";
            try (var in = type.getClassLoader().getResourceAsStream(name)) {
                entries.put(name, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    Path jar(Path file) {
        Manifest written = new Manifest();
        written.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach((key, value) -> written.getMainAttributes().putValue(key, value));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), written)) {
            writeEntries(jar, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    Path zip(Path file) {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("plugin.properties"));
            zip.write(properties());
            zip.closeEntry();
            writeEntries(zip, "classes/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** A folder; classes lie below a sub-folder: {@code classes}, or {@code target/classes} for development. */
    Path folder(Path folder, String classes) {
        try {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                Path target = folder.resolve(classes).resolve(entry.getKey());
                Files.createDirectories(target.getParent());
                Files.write(target, entry.getValue());
            }
            Files.createDirectories(folder.resolve(classes));
            Files.write(folder.resolve("plugin.properties"), properties());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private byte[] properties() {
        StringBuilder text = new StringBuilder();
        manifest.forEach((key, value) -> text.append(
                        "plugin." + key.substring("Plugin-".length()).toLowerCase(Locale.ROOT))
                .append('=')
                .append(value)
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void writeEntries(ZipOutputStream zip, String prefix) throws IOException {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            zip.putNextEntry(new ZipEntry(prefix + entry.getKey()));
            zip.write(entry.getValue());
            zip.closeEntry();
        }
    }

    private static Map<String, byte[]> compile(Map<String, String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> compiled = new LinkedHashMap<>();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavaFileManager memory = new InMemory(standard, compiled);
            List<JavaFileObject> files = sources.entrySet().stream()
                    .map(source -> (JavaFileObject) new Source(source.getKey(), source.getValue()))
                    .toList();
            List<String> options =
                    List.of("--release", "17", "-proc:none", "-classpath", System.getProperty("java.class.path"));
            if (!compiler.getTask(errors, memory, null, options, null, files).call()) {
                throw new IllegalStateException(errors.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        compiled.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static String packageOf(String className) {
        return className.substring(0, className.lastIndexOf('.'));
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {

        private final Map<String, ByteArrayOutputStream> compiled;

        InMemory(StandardJavaFileManager standard, Map<String, ByteArrayOutputStream> compiled) {
            super(standard);
            this.compiled = compiled;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    compiled.put(className, bytes);
                    return bytes;
                }
            };
        }
    }
}
