package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.dist.Launcher.Result;
import io.espalier.events.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal on a disk that is really full: a file system of one page, in a name space of its own. */
class FullDiskTest {

    /** Mounts a page at the first argument, runs the rest, and saves what the page holds before it vanishes. */
    private static final String ON_A_PAGE = "small=$1; shift; mount -t tmpfs -o size=4k none \"$small\" || exit 99;"
            + " : > \"$small/run.events\"; \"$@\"; code=$?; cp \"$small/run.events\" \"$small.saved\"; exit $code";

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The run finishes, the model is proved, and what the journal lost is counted and said")
    void journal() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        String[] within = {"unshare", "-rm", "sh", "-c", ON_A_PAGE, "sh", small.toString()};
        assumeTrue(canMount(within), "no name space for mounts here: the disk was not made full");
        Path model = folder.resolve("pruned.onnx");
        Files.createSymbolicLink(folder.resolve("pruned.onnx.events"), small.resolve("run.events"));

        Result result = new Launcher(folder)
                .within(within)
                .run(
                        "prune",
                        Launcher.example("fashion-resnet20.onnx"),
                        "--target",
                        "macs=80%",
                        "--no-latency",
                        "-o",
                        model);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("proved");
        assertThat(model).isNotEmptyFile();
        assertThat(result.err()).containsPattern("\\d+ events lost by the journal .*: .*No space left on device");
        JournalReader.Content saved = JournalReader.read(folder.resolve("small.saved"));
        assertThat(saved.events()).isNotEmpty();
        assertThat(saved.truncatedAt()).as("whole records only").isEmpty();
        assertThat(saved.ended()).isFalse();
    }

    private static boolean canMount(String... within) throws InterruptedException {
        ProcessBuilder probe = new ProcessBuilder(within);
        probe.command().add("true");
        try {
            return probe.redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // There is no such program.
            return false;
        }
    }
}
