package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter that the documentation shows prunes. That it keeps its contract is tested by PluginPagesTest. */
class ToyAdapterTest {

    @TempDir
    private Path work;

    @Test
    @DisplayName("Dropped into a folder, it is listed, prunes a toy file and proves the result in its own runner")
    void prunes() throws IOException {
        Launcher launcher = new Launcher(work);
        TestingProject project = TestingProject.make(work, "adapter", "toy");
        Path plugins = Files.createDirectory(work.resolve("my-plugins"));
        project.jar(plugins);
        Path pruned = work.resolve("pruned.toy");

        Result list = launcher.run("plugins", "list", "--plugins", plugins);
        Result prune =
                launcher.run("prune", project.sample(), "--target", "macs=50%", "-o", pruned, "--plugins", plugins);

        assertThat(list.out()).contains("Dense networks in text files.", "[adapter-toy]");
        assertThat(prune.exitCode()).as(prune.err()).isZero();
        assertThat(prune.out()).contains("proved");
        assertThat(Files.readString(pruned)).startsWith("toy\nmeta author Espalier\nmeta espalier.");
        assertThat(Files.size(pruned)).isLessThan(Files.size(project.sample()));
    }
}
