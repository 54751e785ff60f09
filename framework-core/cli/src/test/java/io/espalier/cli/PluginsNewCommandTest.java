package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.espalier.cli.PluginProject.Kind;
import io.espalier.cli.TestingCli.Result;
import io.espalier.spi.provider.Provider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

class PluginsNewCommandTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("A new project compiles, keeps the contract of its kind, and provides what it was made for")
    void project(Kind kind) throws Exception {
        Path home = home();
        Path project = folder.resolve("made");

        Result result = TestingCli.with()
                .home(home)
                .run(
                        "plugins",
                        "new",
                        kind.word(),
                        "two-words",
                        "--package",
                        "org.sample.made",
                        "-o",
                        project.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Files.readString(project.resolve("pom.xml")))
                .contains(
                        "<artifactId>" + kind.word() + "-two-words</artifactId>",
                        home.resolve("repository").toUri().toString())
                .doesNotContain("{kind}", "{version}");
        assertThat(Files.readString(project.resolve("README.md")))
                .contains("two-words")
                .doesNotContain("{use}");
        String name =
                "org.sample.made.TwoWords" + kind.name().charAt(0) + kind.word().substring(1);
        try (URLClassLoader loader = compiled(project)) {
            Provider provider =
                    (Provider) loader.loadClass(name).getConstructor().newInstance();
            assertThat(provider.name()).isEqualTo("two-words");
            assertThat(service(project, provider.getClass().getInterfaces()[0])).isEqualTo(name + "\n");
            TestExecutionSummary summary = tested(loader.loadClass(name + "Test"));
            StringWriter failures = new StringWriter();
            summary.printFailuresTo(new PrintWriter(failures));
            assertThat(summary.getTestsSucceededCount()).isGreaterThan(5);
            assertThat(summary.getTotalFailureCount()).as(failures.toString()).isZero();
        }
    }

    @Test
    @DisplayName(
            "Names that no provider may have, places that are not empty and unknown kinds are refused in a sentence")
    void refused() throws IOException {
        Path home = home();
        assertRefused(home, "give lower-case letters, digits and dashes", "criterion", "Signed_Sum");
        assertRefused(home, "is no package", "criterion", "sum", "--package", "Org.1");
        assertRefused(home, "[CRITERION, ALLOCATOR, SCHEDULE, LOSS, OPTIMIZER, REGULARIZER]", "critereon", "sum");
        Files.createFile(folder.resolve("full.txt"));
        assertRefused(home, "is not empty", "criterion", "sum", "-o", folder.toString());
        assertRefused(
                home,
                "is a file",
                "criterion",
                "sum",
                "-o",
                folder.resolve("full.txt").toString());

        Result unknown = TestingCli.with().home(folder).run("plugins", "new", "criterion", "sum");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(unknown.err()).contains("no folder 'repository'");
    }

    private static void assertRefused(Path home, String sentence, String... arguments) {
        String[] all =
                Stream.concat(Stream.of("plugins", "new"), Stream.of(arguments)).toArray(String[]::new);
        Result result = TestingCli.with().home(home).run(all);
        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(sentence);
    }

    private Path home() throws IOException {
        Path home = folder.resolve("home");
        Files.createDirectories(home.resolve("repository"));
        return home;
    }

    private static String service(Path project, Class<?> implemented) throws IOException {
        try (Stream<Path> files = Files.list(project.resolve("src/main/resources/META-INF/services"))) {
            Path file = files.findFirst().orElseThrow();
            assertThat(Class.forName(file.getFileName().toString(), false, implemented.getClassLoader()))
                    .isAssignableFrom(implemented);
            return Files.readString(file);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private URLClassLoader compiled(Path project) throws IOException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        List<String> arguments;
        try (Stream<Path> files = Files.walk(project.resolve("src"))) {
            arguments = Stream.concat(
                            Stream.of(
                                    "-proc:none",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-d",
                                    classes.toString()),
                            files.map(Path::toString).filter(file -> file.endsWith(".java")))
                    .toList();
        }
        int exitCode = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(exitCode).as("javac %s", arguments).isZero();
        return new URLClassLoader(
                new URL[] {
                    classes.toUri().toURL(),
                    project.resolve("src/main/resources").toUri().toURL()
                },
                PluginsNewCommandTest.class.getClassLoader());
    }

    private static TestExecutionSummary tested(Class<?> test) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(test))
                                .build(),
                        listener);
        return listener.getSummary();
    }
}
