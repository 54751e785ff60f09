package io.espalier.kafka;

import com.google.protobuf.Message;
import io.espalier.events.EventSink;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A journal that is being written, and what was written to it. */
final class TestingJournal implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00.25Z");

    private final Path file;
    private final Journal journal;
    private final Events events;
    private final List<PruningEvent> told = new ArrayList<>();

    private TestingJournal(Path file, String runId) throws IOException {
        this.file = file;
        this.journal = Journal.create(file);
        this.events = new Events(
                runId, "espalier test", Clock.fixed(NOW, ZoneOffset.UTC), List.<EventSink>of(journal, told::add));
        events.emit(started());
    }

    /** The journal of a run that has just begun. */
    static TestingJournal begin(Path folder, String runId) throws IOException {
        return new TestingJournal(folder.resolve(runId + ".events"), runId);
    }

    /** The journal of a finished run of so many events. */
    static TestingJournal whole(Path folder, String runId, int events) throws IOException {
        TestingJournal journal = begin(folder, runId);
        journal.progress(events - 2);
        journal.finish();
        return journal;
    }

    Path file() {
        return file;
    }

    List<PruningEvent> told() {
        return List.copyOf(told);
    }

    void progress(int count) {
        for (int i = 0; i < count; i++) {
            events.emit(progress("scoring", i));
        }
    }

    void tell(Message payload) {
        events.emit(payload);
    }

    /** Tells the end of the run and closes the file. */
    void finish() {
        events.emit(RunFinished.getDefaultInstance());
        journal.close();
    }

    @Override
    public void close() {
        journal.close();
    }

    static Message started() {
        return RunStarted.newBuilder().setCommand("prune").setSeed(7).build();
    }

    static ProgressReported progress(String phase, long done) {
        return ProgressReported.newBuilder().setPhase(phase).setDone(done).build();
    }
}
