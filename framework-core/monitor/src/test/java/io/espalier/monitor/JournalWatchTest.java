package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.Journal;
import io.espalier.events.PassedOver;
import io.espalier.events.TestingHostility;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalWatchTest {

    private final List<PruningEvent> heard = new CopyOnWriteArrayList<>();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final List<PassedOver> passed = new CopyOnWriteArrayList<>();
    private final Health all = new Health(troubles::add);
    private final SourceHealth health = all.source("journal", "runs");
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
        watch = JournalWatch.start(folder, heard::add, health, passed::add);
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
        watch = JournalWatch.start(folder.resolve("run.onnx.events"), heard::add, health, passed::add);
        write("one", "conv1");
        until(() -> has("one"));
        write("two", "conv1", "conv2", "conv3");
        until(() -> has("two"));
        write("three", "conv1");
        until(() -> has("three"));
    }

    @Test
    @DisplayName("Of a damaged journal every event is read, and what is passed over is said once")
    void damaged() throws Exception {
        run("broken").finish();
        Path journal = folder.resolve("broken.onnx.events");
        Files.write(journal, new byte[] {3, 1, 2, 3, 3, 1, 2, 3}, StandardOpenOption.APPEND);
        watch = JournalWatch.start(folder, heard::add, health, passed::add);
        until(() -> passed.size() == 2);
        Files.write(journal, new byte[] {3, 1, 2, 3}, StandardOpenOption.APPEND);
        run("whole").finish();
        until(() -> has("whole") && passed.size() == 3);

        assertThat(has("broken")).isTrue();
        assertThat(troubles).hasSize(1).allMatch(sentence -> sentence.contains("passed over byte"));
    }

    @Test
    @DisplayName("A pipe with the name of a journal, or a folder, holds nobody up")
    void pipe() throws Exception {
        Path pipe = folder.resolve("a.events");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.createDirectory(folder.resolve("b.events"));
        watch = JournalWatch.start(folder, heard::add, health, passed::add);
        run("behind").finish();
        until(() -> has("behind"));

        assertThat(troubles).hasSize(1).allMatch(sentence -> sentence.contains("a pipe or a device"));
        assertThat(all.down()).isZero();
    }

    @Test
    @DisplayName("Hostile journals in a folder: every untouched event of each arrives, in order")
    void hostile() throws Exception {
        Map<String, TestingHostility.Journal> journals = new LinkedHashMap<>();
        for (int seed = 0; seed < 60; seed++) {
            String id = "run-" + seed;
            TestingHostility.Journal journal = new TestingHostility(seed).journal(TestingHostility.run(id));
            journals.put(id, journal);
            Files.write(folder.resolve(id + ".events"), journal.bytes());
        }
        run("zzz").finish();
        watch = JournalWatch.start(folder, heard::add, health, passed::add);
        until(() -> has("zzz") && heard.get(heard.size() - 1).hasRunFinished());

        journals.forEach((id, journal) -> assertThat(heard.stream()
                        .filter(event -> event.getRunId().equals(id))
                        .toList())
                .as(id)
                .containsSubsequence(journal.sound()));
        assertThat(passed).hasSizeGreaterThan(60);
        assertThat(troubles).hasSize(1);
        assertThat(all.restarts()).isZero();
    }

    @Test
    @DisplayName("A watch that fails is reported and begins again; no event is lost by it")
    void restarted() throws Exception {
        run("one").finish();
        AtomicInteger failures = new AtomicInteger(2);
        watch = JournalWatch.start(
                folder,
                event -> {
                    if (event.getSequence() == 2 && failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("a defect of the test");
                    }
                    heard.add(event);
                },
                health,
                passed::add);
        until(() -> !heard.isEmpty() && heard.get(heard.size() - 1).hasRunFinished());

        assertThat(all.restarts()).isEqualTo(2);
        assertThat(troubles).hasSize(1).allMatch(sentence -> sentence.contains("is started again"));
        assertThat(heard.stream().map(PruningEvent::getSequence).distinct().sorted())
                .startsWith(1L, 2L, 3L);
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
