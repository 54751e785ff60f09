package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.cli.TestingCli.Result;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.testkit.PluginJarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsCommandTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The list names extensions by kind, options only when asked for")
    void list() {
        TestingCli cli = TestingCli.with(new TestingAdapter(), new TestingCriterion());

        Result brief = cli.run("plugins", "list");
        Result verbose = cli.run("plugins", "list", "-v");

        assertThat(brief.exitCode()).isZero();
        assertThat(brief.err()).isEmpty();
        assertThat(brief.out())
                .isEqualTo("adapter\n  testing  Files that begin with GRAPH.\n"
                        + "criterion\n  testing-order  Later slices are more important.\n");
        Golden.assertMatches("plugins-list-verbose.txt", verbose.out());
    }

    @Test
    @DisplayName("The list as JSON always holds the options")
    void listAsJson() {
        Result result = TestingCli.with(new TestingCriterion()).run("plugins", "list", "--json");

        assertThat(result.exitCode()).isZero();
        Golden.assertMatches("plugins-list.json", result.out());
    }

    @Test
    @DisplayName("The doctor finds a broken plug-in, says what to do, and ends with code 4")
    void doctor() throws IOException {
        PluginJarBuilder.plugin("broken")
                .service(ImportanceCriterion.class, "example.Missing")
                .build(folder.resolve("broken.jar"));
        TestingCli cli = TestingCli.loading(roots ->
                Espalier.builder().withoutClassPath().plugins(roots.get(1)).build());

        Result text = cli.run("plugins", "doctor", "--plugins", folder.toString());
        Result json = cli.run("plugins", "doctor", "--json", "--plugins", folder.toString());
        Result list = cli.run("plugins", "list", "--plugins", folder.toString());
        Result quiet = cli.run("plugins", "list", "-q", "--plugins", folder.toString());

        assertThat(text.exitCode()).isEqualTo(ExitCode.PLUGIN);
        assertThat(text.out())
                .contains("quarantined", "example.Missing", "plug-in 'broken'")
                .endsWith("0 ok, 0 with a warning, 1 quarantined\n");
        assertThat(json.exitCode()).isEqualTo(ExitCode.PLUGIN);
        Golden.assertMatches("plugins-doctor.json", json.out());
        assertThat(list.exitCode()).isZero();
        assertThat(list.err()).contains("1 not used because of a fault", "espalier plugins doctor");
        assertThat(quiet.err()).isEmpty();
    }

    @Test
    @DisplayName("The doctor is content with an empty folder")
    void nothingWrong() {
        Result result = TestingCli.with().run("plugins", "doctor");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("0 ok, 0 with a warning, 0 quarantined\n");
    }

    @Test
    @DisplayName("Folders of the command line come after the one that ships with Espalier")
    void order() throws IOException {
        Path second = Files.createDirectory(folder.resolve("second"));
        TestingCli cli = TestingCli.with();

        cli.run("version", "--plugins", folder.toString(), "--plugins", second.toString());

        assertThat(cli.roots()).containsExactly(Path.of("home", "plugins"), folder, second);
    }

    @Test
    @DisplayName("A folder that does not exist is a usage error")
    void missingFolder() {
        Result result = TestingCli.with().run("plugins", "list", "--plugins", "no-such-folder");

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err())
                .isEqualTo(
                        "espalier: --plugins: 'no-such-folder' is not a folder; name a folder that holds plug-ins\n");
    }

    @Test
    @DisplayName("plugins alone is a usage error that names its commands")
    void alone() {
        Result result = TestingCli.with().run("plugins");

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("list, doctor");
    }
}
