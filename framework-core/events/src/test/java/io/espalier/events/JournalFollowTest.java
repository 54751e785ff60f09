package io.espalier.events;

import static io.espalier.events.TestingEvents.events;
import static io.espalier.events.TestingEvents.finished;
import static io.espalier.events.TestingEvents.progress;
import static io.espalier.events.TestingEvents.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.v1.PruningEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalFollowTest {

    private static final Duration POLL = Duration.ofMillis(1);

    @TempDir
    Path folder;

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final List<PruningEvent> seen = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        executor.shutdownNow();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void seesEveryEventOfAWriterAtWork() throws Exception {
        Path file = folder.resolve("run.journal");
        Future<JournalReader.End> follower = executor.submit(following(file));
        List<PruningEvent> told = new ArrayList<>();
        try (Journal journal = Journal.create(file)) {
            Events events = events("run", journal, told::add);
            events.emit(started());
            for (int i = 0; i < 5_000; i++) {
                events.emit(progress(i));
            }
            events.emit(finished());
        }
        assertThat(follower.get()).isEqualTo(JournalReader.End.RUN_ENDED);
        assertThat(seen).isEqualTo(told);
    }

    @Test
    void waitsForRecordsThatArriveByteByByte() throws Exception {
        Path file = Files.createFile(folder.resolve("run.journal"));
        Future<JournalReader.End> follower = executor.submit(following(file));
        List<PruningEvent> told = TestingEvents.run("run");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (PruningEvent event : told) {
            event.writeDelimitedTo(bytes);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            for (byte one : bytes.toByteArray()) {
                out.write(one);
                Thread.sleep(1);
            }
        }
        assertThat(follower.get()).isEqualTo(JournalReader.End.RUN_ENDED);
        assertThat(seen).isEqualTo(told);
    }

    @Test
    void stopsWhenCancelledBeforeTheFileExists() throws Exception {
        Future<JournalReader.End> follower = executor.submit(following(folder.resolve("never")));
        cancelled.set(true);
        assertThat(follower.get()).isEqualTo(JournalReader.End.CANCELLED);
    }

    @Test
    void stopsWhenCancelledBetweenEvents() throws Exception {
        Path file = folder.resolve("run.journal");
        try (Journal journal = Journal.create(file)) {
            Events events = events("run", journal);
            events.emit(started());
            Future<JournalReader.End> follower = executor.submit(
                    () -> JournalReader.follow(file, POLL, cancelled::get, event -> cancelled.set(true)));
            assertThat(follower.get()).isEqualTo(JournalReader.End.CANCELLED);
        }
    }

    private Callable<JournalReader.End> following(Path file) throws IOException {
        return () -> JournalReader.follow(file, POLL, cancelled::get, seen::add);
    }
}
