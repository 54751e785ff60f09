package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.Journal;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalWatchTest {

    private final List<PruningEvent> heard = new CopyOnWriteArrayList<>();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private JournalWatch watch;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    @DisplayName("Journals of a folder are read, also those that come and while they grow; other files are left alone")
    void follows() throws Exception {
        Files.writeString(folder.resolve("notes.txt"), "not a journal");
        run("first").finish();
        watch = JournalWatch.start(folder, heard::add, troubles::add);
        until(() -> has("first"));
        try (Journal journal = Journal.create(folder.resolve("second.onnx.events"))) {
            TestingRun second = new TestingRun("second", journal).start("m.onnx");
            until(() -> has("second"));
            second.layers("conv").finish();
            until(() -> heard.get(heard.size() - 1).hasRunFinished());
        }

        assertThat(heard.stream().filter(event -> event.getRunId().equals("second")))
                .extracting(PruningEvent::getSequence)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(troubles).isEmpty();
    }

    @Test
    @DisplayName("A journal that is replaced by that of another run is read anew, whichever is longer")
    void replaced() throws Exception {
        watch = JournalWatch.start(folder.resolve("run.onnx.events"), heard::add, troubles::add);
        write("one", "conv1");
        until(() -> has("one"));
        write("two", "conv1", "conv2", "conv3");
        until(() -> has("two"));
        write("three", "conv1");
        until(() -> has("three"));
    }

    @Test
    @DisplayName("Of a damaged journal the whole records are read, and the damage is told once")
    void damaged() throws Exception {
        run("broken").finish();
        Path journal = folder.resolve("broken.onnx.events");
        Files.write(journal, new byte[] {3, 1, 2, 3, 0, 0}, StandardOpenOption.APPEND);
        watch = JournalWatch.start(folder, heard::add, troubles::add);
        until(() -> !troubles.isEmpty());
        Files.write(journal, new byte[] {9}, StandardOpenOption.APPEND);
        run("whole").finish();
        until(() -> has("whole"));

        assertThat(has("broken")).isTrue();
        assertThat(troubles).hasSize(1).allMatch(sentence -> sentence.contains("is damaged"));
    }

    private TestingRun run(String id) throws IOException {
        // Never closed: the process that wrote it may still be at work.
        return new TestingRun(id, Journal.create(folder.resolve(id + ".onnx.events"))).start("m.onnx");
    }

    private void write(String id, String... layers) throws IOException {
        try (Journal journal = Journal.create(folder.resolve("run.onnx.events"))) {
            new TestingRun(id, journal).start("m.onnx").layers(layers).finish();
        }
    }

    private boolean has(String runId) {
        return heard.stream().anyMatch(event -> event.getRunId().equals(runId));
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for 20 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
