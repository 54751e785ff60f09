package io.espalier.metrics;

import com.google.protobuf.Message;
import io.espalier.events.EventSink;
import io.espalier.events.Events;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.FailureKind;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.GroupPlan;
import io.espalier.events.v1.GroupScores;
import io.espalier.events.v1.LatencyMeasured;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Scored;
import io.espalier.events.v1.VerificationOutcome;
import io.espalier.events.v1.Verified;
import io.espalier.events.v1.Work;
import io.espalier.events.v1.WorkStarted;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** Runs that never happened: their events, one second apart. */
final class TestingRuns {

    private final Events events;
    private final String runId;
    private Instant now = Instant.parse("2026-11-23T08:00:00Z");

    TestingRuns(String runId, EventSink... sinks) {
        this.runId = runId;
        this.events = new Events(runId, "test", new Seconds(), List.of(sinks));
    }

    /** A whole run that is proved. */
    void prune(String criterion) {
        start();
        work(Work.WORK_LIFT, 0);
        work(Work.WORK_SCORE, 1);
        emit(Scored.newBuilder()
                .setCriterion(criterion)
                .setGroupsTotal(3)
                .addGroups(GroupScores.newBuilder().setName(layer()))
                .build());
        work(Work.WORK_PLAN, 1);
        emit(Planned.newBuilder()
                .setChannelsKept(60)
                .setChannelsTotal(100)
                .addGroups(GroupPlan.newBuilder().setName(layer()))
                .build());
        work(Work.WORK_OPERATE, 1);
        work(Work.WORK_VERIFY, 1);
        emit(Verified.newBuilder()
                .setOutcome(VerificationOutcome.VERIFICATION_OUTCOME_PROVED)
                .build());
        work(Work.WORK_EVALUATE, 1);
        emit(Evaluated.newBuilder()
                .setStage(EvaluationStage.EVALUATION_STAGE_ORIGINAL)
                .setAccuracy(0.9)
                .build());
        work(Work.WORK_TIME, 1);
        emit(LatencyMeasured.newBuilder()
                .setOriginalMedianNanos(2_000_000)
                .setPrunedMedianNanos(1_000_000)
                .build());
        work(Work.WORK_SAVE, 0);
        emit(RunFinished.newBuilder()
                .setVerification(VerificationOutcome.VERIFICATION_OUTCOME_PROVED)
                .setOriginal(Cost.newBuilder().setParameters(1000).setMacs(5000).setBytes(4000))
                .setPruned(Cost.newBuilder().setParameters(250).setMacs(2000).setBytes(1000))
                .build());
    }

    void start() {
        emit(RunStarted.newBuilder()
                .setFramework("onnx")
                .setCommand("prune")
                .setInput(FileReference.newBuilder().setPath("/models/" + runId + ".onnx"))
                .build());
    }

    void work(Work work, int step) {
        emit(WorkStarted.newBuilder().setWork(work).setStep(step).build());
    }

    void fail(FailureKind kind) {
        emit(RunFailed.newBuilder().setKind(kind).setMessage("no").build());
    }

    void emit(Message payload) {
        events.emit(payload);
    }

    private String layer() {
        return "layer.of." + runId;
    }

    /** A clock that is a second later each time it is asked. */
    private final class Seconds extends Clock {

        @Override
        public Instant instant() {
            now = now.plusSeconds(1);
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
