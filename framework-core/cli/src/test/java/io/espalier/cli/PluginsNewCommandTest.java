package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.PluginProject.Kind;
import io.espalier.cli.TestingCli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PluginsNewCommandTest {

    @TempDir
    private Path folder;

    /** Whether they build, keep their contract and are loaded is tested where all parts of Espalier are: PluginPagesTest. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("A new project has a class, its test, its service and a pom, with no place left to fill in")
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
        String name = "TwoWords" + kind.name().charAt(0) + kind.word().substring(1);
        Map<String, String> files = files(project);
        assertThat(files)
                .containsKeys(
                        "README.md",
                        "src/main/java/org/sample/made/" + name + ".java",
                        "src/test/java/org/sample/made/" + name + "Test.java");
        assertThat(files.get("pom.xml"))
                .contains(
                        "<artifactId>" + kind.word() + "-two-words</artifactId>",
                        home.resolve("repository").toUri().toString());
        assertThat(files)
                .containsValue("org.sample.made." + name + "\n")
                .allSatisfy((file, text) -> assertThat(text).as(file).doesNotContainPattern("[^$]\\{[a-z]+}"));
    }

    private static Map<String, String> files(Path project) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(project)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(project.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        }
        return files;
    }

    @Test
    @DisplayName(
            "Names that no provider may have, places that are not empty and unknown kinds are refused in a sentence")
    void refused() throws IOException {
        Path home = home();
        assertRefused(home, "give lower-case letters, digits and dashes", "criterion", "Signed_Sum");
        assertRefused(home, "is no package", "criterion", "sum", "--package", "Org.1");
        assertRefused(home, "REGULARIZER, METRIC, COMPENSATOR, READER, OPERATOR, ADAPTER]", "critereon", "sum");
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
}
