package io.espalier.adapter.tflite.run;

import io.espalier.spi.execution.ExecutionException;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorflowlite.Interpreter;

/** The command that starts a process for the interpreter: the same Java, and only the classes that {@link InterpreterMain} needs. */
final class InterpreterCommand {

    /** Tensors lie in the memory of the interpreter, not on the heap. */
    private static final List<String> OPTIONS = List.of(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            // An abort is expected, and reported by the parent.
            "-XX:+SuppressFatalErrorMessage",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:-CreateCoredumpOnCrash",
            "--enable-native-access=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8",
            "-Dorg.bytedeco.javacpp.maxBytes=0",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");

    /** What the parent was started with and the child needs, too: where libraries and temporary files lie. */
    private static final String PROPERTIES = "org.bytedeco.javacpp.";

    private InterpreterCommand() {}

    static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(OPTIONS);
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTIES) || name.equals("java.io.tmpdir"))
                .sorted()
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.add("-cp");
        command.add(classPath());
        command.add(InterpreterMain.class.getName());
        return command;
    }

    private static String java() {
        Path programs = Path.of(System.getProperty("java.home"), "bin");
        for (String name : List.of("java", "java.exe")) {
            if (Files.isRegularFile(programs.resolve(name))) {
                return programs.resolve(name).toString();
            }
        }
        throw new ExecutionException(
                "the TFLite interpreter runs in a process of its own, but there is no java in " + programs, null);
    }

    private static String classPath() {
        Set<Path> path = new LinkedHashSet<>();
        for (Class<?> type : List.of(InterpreterMain.class, Interpreter.class, Loader.class)) {
            path.add(place(type.getProtectionDomain().getCodeSource().getLocation()));
        }
        path.add(library("org/bytedeco/javacpp/", "jnijavacpp"));
        path.add(library("org/bytedeco/tensorflowlite/", "jnitensorflowlite"));
        return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** The jar or folder that holds a native library of this platform. */
    private static Path library(String folder, String name) {
        String resource = folder + Loader.getPlatform() + "/" + System.mapLibraryName(name);
        URL url = InterpreterMain.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new ExecutionException(
                    "this copy of the TFLite adapter has no interpreter for " + Loader.getPlatform(), null);
        }
        try {
            if (url.openConnection() instanceof JarURLConnection jar) {
                return place(jar.getJarFileURL());
            }
            Path file = place(url);
            for (int i = 0; i < Path.of(resource).getNameCount(); i++) {
                file = file.getParent();
            }
            return file;
        } catch (IOException e) {
            throw unreachable(url, e);
        }
    }

    private static Path place(URL url) {
        try {
            return Path.of(new URI(url.toString().replace(" ", "%20")));
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw unreachable(url, e);
        }
    }

    private static ExecutionException unreachable(URL url, Exception cause) {
        return new ExecutionException(
                "the TFLite interpreter runs in a process of its own, which cannot read its classes from " + url
                        + "; keep the adapter's jars as files",
                cause);
    }
}
