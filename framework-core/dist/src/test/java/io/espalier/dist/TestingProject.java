package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.espalier.dist.Launcher.Result;
import io.espalier.testkit.PluginJarBuilder;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * A project that {@code espalier plugins new} has made, built and tested as Maven would, without Maven.
 *
 * @param id kind and name, with a dash between
 * @param folder where it lies
 */
record TestingProject(String id, Path folder) {

    /** Has the command make a project. */
    static TestingProject make(Path parent, String kind, String name) {
        Result made = new Launcher(parent).run("plugins", "new", kind, name);
        assertThat(made.exitCode()).as(made.err()).isZero();
        return new TestingProject(kind + "-" + name, parent.resolve(kind + "-" + name));
    }

    /** Its files below {@code src} whose names end in a certain way. */
    List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("src"))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** The example that a reader or an adapter reads. */
    Path sample() throws IOException {
        return files("small." + id.substring(id.indexOf('-') + 1)).get(0);
    }

    /** Puts the jar of the plug-in into a folder. */
    Path jar(Path plugins) {
        return PluginJarBuilder.project(id, folder).build(plugins.resolve(id + "-1.0.0.jar"));
    }

    /** Runs its tests. */
    TestExecutionSummary test() throws IOException {
        return test(UnaryOperator.identity(), test -> selectClass(test));
    }

    /** Runs one of its tests after a piece of its code has been replaced wherever it occurs. */
    TestExecutionSummary test(String method, String sound, String fault) throws IOException {
        List<Path> replaced = new ArrayList<>();
        for (Path source : files(".java")) {
            if (Files.readString(source).contains(sound)) {
                replaced.add(source);
            }
        }
        assertThat(replaced).as("classes with the code to replace: %s", sound).isNotEmpty();
        return test(code -> code.replace(sound, fault), test -> selectMethod(test, method));
    }

    private TestExecutionSummary test(UnaryOperator<String> change, Function<Class<?>, DiscoverySelector> which)
            throws IOException {
        Path build = Files.createTempDirectory(folder, "build");
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", build.toString()));
        String test = "";
        for (Path source : files(".java")) {
            String name = source.getFileName().toString();
            Path changed = build.resolve(name);
            Files.writeString(
                    changed,
                    name.endsWith("Test.java") ? Files.readString(source) : change.apply(Files.readString(source)));
            arguments.add(changed.toString());
            test = name.endsWith("Test.java") ? "com.example." + name.replace(".java", "") : test;
        }
        int exitCode = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(exitCode).as("javac %s", arguments).isZero();
        URL[] places = {url(build), url(folder.resolve("src/main/resources")), url(folder.resolve("src/test/resources"))
        };
        try (URLClassLoader loader = new URLClassLoader(places, TestingProject.class.getClassLoader())) {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(which.apply(loader.loadClass(test)))
                                    .build(),
                            listener);
            assertThat(listener.getSummary().getTestsFoundCount()).isPositive();
            return listener.getSummary();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL url(Path folder) throws IOException {
        Files.createDirectories(folder);
        return folder.toUri().toURL();
    }
}
