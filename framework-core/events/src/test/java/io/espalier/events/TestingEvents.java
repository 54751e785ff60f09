package io.espalier.events;

import com.google.protobuf.Message;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Runs of a few events, told by a clock that stands still. */
final class TestingEvents {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00.000000001Z");

    private TestingEvents() {}

    static Events events(String runId, EventSink... sinks) {
        return new Events(runId, "testing", Clock.fixed(NOW, ZoneOffset.UTC), List.of(sinks));
    }

    static Message started() {
        return RunStarted.newBuilder().setCommand("prune").setSeed(7).build();
    }

    static Message progress(long done) {
        return ProgressReported.newBuilder()
                .setPhase("scoring")
                .setDone(done)
                .setTotal(100)
                .build();
    }

    static Message finished() {
        return RunFinished.getDefaultInstance();
    }

    /** A short run, as events. */
    static List<PruningEvent> run(String runId) {
        List<PruningEvent> told = new ArrayList<>();
        Events events = events(runId, told::add);
        events.emit(started());
        events.emit(progress(1));
        events.emit(finished());
        return told;
    }
}
