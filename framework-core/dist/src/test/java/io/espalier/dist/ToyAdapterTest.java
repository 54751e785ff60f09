package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.PluginJarBuilder;
import io.espalier.testkit.contract.AdapterContract;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter that the documentation shows is built outside of Espalier, keeps the contract, and prunes. */
class ToyAdapterTest extends AdapterContract {

    private static final Path PROJECT = Launcher.example("adapter-plugin");
    private static final Path SOURCES = PROJECT.resolve("src/main/java/com/example");

    private static final int[] KEPT = {0, 3, 4, 9};

    /** Removes units of the first hidden layer. */
    static final List<Edit> CUT = List.of(
            new Edit.Keep("weight0", 1, KEPT), new Edit.Keep("bias0", 0, KEPT), new Edit.Keep("weight1", 0, KEPT));

    @TempDir
    private static Path plugins;

    private static URLClassLoader plugin;

    @TempDir
    private Path work;

    @BeforeAll
    static void build() throws IOException {
        Path jar = PluginJarBuilder.project("adapter-toy", PROJECT).build(plugins.resolve("adapter-toy-1.0.0.jar"));
        plugin = new URLClassLoader(new URL[] {jar.toUri().toURL()}, FrameworkAdapter.class.getClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        plugin.close();
    }

    @Override
    protected FrameworkAdapter adapter() {
        return ServiceLoader.load(FrameworkAdapter.class, plugin).stream()
                .filter(found -> found.type().getClassLoader() == plugin)
                .map(ServiceLoader.Provider::get)
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected List<Path> models(Path target) throws IOException {
        return List.of(Files.copy(PROJECT.resolve("small.toy"), target.resolve("small.toy")));
    }

    @Override
    protected List<Edit> edits(Path file, Graph graph) {
        return CUT;
    }

    @Test
    @DisplayName("Dropped into a folder, it is listed, prunes a toy file and proves the result in its own runner")
    void prunes() throws IOException {
        Launcher launcher = new Launcher(work);
        Path pruned = work.resolve("pruned.toy");

        Result list = launcher.run("plugins", "list", "--plugins", plugins);
        Result prune = launcher.run(
                "prune", PROJECT.resolve("small.toy"), "--target", "macs=50%", "-o", pruned, "--plugins", plugins);

        assertThat(list.out()).contains("Dense networks in text files.", "[adapter-toy]");
        assertThat(prune.exitCode()).as(prune.err()).isZero();
        assertThat(prune.out()).contains("proved");
        assertThat(Files.readString(pruned)).startsWith("toy\nmeta author Espalier\nmeta espalier.");
        assertThat(Files.size(pruned)).isLessThan(Files.size(PROJECT.resolve("small.toy")));
    }

    @Test
    @DisplayName("The page shows the classes whole")
    void pageShowsTheCode() throws IOException {
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PROJECT.resolve("../../write-an-adapter.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                assertThat(shown).contains(Files.readString(source));
            }
        }
    }
}
