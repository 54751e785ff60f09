package io.espalier.monitor;

import com.google.protobuf.Message;
import io.espalier.events.EventSink;
import io.espalier.events.Events;
import io.espalier.events.v1.Barrier;
import io.espalier.events.v1.Cause;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.EpochEnded;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.FailureKind;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.Group;
import io.espalier.events.v1.GroupPlan;
import io.espalier.events.v1.GroupScores;
import io.espalier.events.v1.GroupsFound;
import io.espalier.events.v1.Histogram;
import io.espalier.events.v1.LatencyMeasured;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.MetricUnit;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Scored;
import io.espalier.events.v1.TrialEnded;
import io.espalier.events.v1.TrialLatency;
import io.espalier.events.v1.VerificationOutcome;
import io.espalier.events.v1.Verified;
import io.espalier.events.v1.Work;
import io.espalier.events.v1.WorkStarted;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** The events of a run that never happened. */
final class TestingRun {

    private final Events events;

    TestingRun(String id, EventSink... sinks) {
        this(id, Instant.parse("2026-11-23T08:00:00Z"), sinks);
    }

    /** A run of which everything happens at one time. */
    TestingRun(String id, Instant time, EventSink... sinks) {
        this.events = new Events(id, "test", Clock.fixed(time, ZoneOffset.UTC), List.of(sinks));
    }

    /** A run whose events happen when a clock says. */
    TestingRun(String id, Clock clock, EventSink... sinks) {
        this.events = new Events(id, "test", clock, List.of(sinks));
    }

    TestingRun start(String model) {
        return emit(RunStarted.newBuilder()
                .setCommand("prune")
                .setFramework("onnx")
                .setInput(FileReference.newBuilder().setPath(model))
                .build());
    }

    TestingRun progress(String phase, long done, long total) {
        return emit(ProgressReported.newBuilder()
                .setPhase(phase)
                .setDone(done)
                .setTotal(total)
                .build());
    }

    /** Groups of these names, all cut to a half. */
    TestingRun layers(String... names) {
        GroupsFound.Builder found =
                GroupsFound.newBuilder().setGroupsTotal(names.length).setBarriersTotal(1);
        Scored.Builder scored = Scored.newBuilder().setCriterion("l1").setGroupsTotal(names.length);
        Planned.Builder planned = Planned.newBuilder().setTarget("macs=50%").setGroupsTotal(names.length);
        found.addBarriers(Barrier.newBuilder()
                .setOperator("Softmax")
                .setValue("scores")
                .setReason("it reads all channels at once"));
        for (String name : names) {
            found.addGroups(Group.newBuilder().setId("g" + name).setName(name).setCoupledChannels(8));
            scored.addGroups(GroupScores.newBuilder()
                    .setGroup("g" + name)
                    .setName(name)
                    .setMaximum(1)
                    .setHistogram(Histogram.newBuilder().setUpper(1).addAllCounts(List.of(1L, 4L, 3L))));
            planned.addGroups(GroupPlan.newBuilder()
                    .setGroup("g" + name)
                    .setName(name)
                    .setKept(4)
                    .setTotal(8));
        }
        work(Work.WORK_ANALYSE, 0);
        emit(found.build());
        work(Work.WORK_SCORE, 1);
        emit(scored.build());
        work(Work.WORK_PLAN, 1);
        return emit(planned.setOriginal(cost(1000)).setPredicted(cost(500)).build());
    }

    TestingRun work(Work work, int step) {
        return emit(WorkStarted.newBuilder().setWork(work).setStep(step).build());
    }

    TestingRun loss(long step, double loss) {
        return emit(LossReported.newBuilder()
                .setStep(step)
                .setEpoch(1)
                .setLoss(loss)
                .build());
    }

    /** An epoch of ten steps, with an accuracy on validation data. */
    TestingRun epoch(int number, int of, double loss, double accuracy) {
        return emit(EpochEnded.newBuilder()
                .setEpoch(number)
                .setEpochs(of)
                .setStep(10L * number)
                .setLoss(loss)
                .setLearningRate(0.05)
                .setValidation(Evaluated.newBuilder().setMetric("top-1").setAccuracy(accuracy))
                .build());
    }

    /** A trial of a search for an accuracy of 0.9. */
    TestingRun trial(int number, String target, long macs, double value) {
        return emit(TrialEnded.newBuilder()
                .setNumber(number)
                .setMost(10)
                .setTarget(target)
                .setReached(true)
                .setCost(Cost.newBuilder().setMacs(macs).setParameters(macs / 10))
                .setMetric("top-1")
                .setValue(value)
                .setExamples(1000)
                .setKeeps(value >= 0.9)
                .build());
    }

    /** A network that was cut to meet a latency of 60 of 100 microseconds, and timed. */
    TestingRun timedTrial(int number, long predictedMicros, long measuredMicros) {
        return emit(TrialEnded.newBuilder()
                .setNumber(number)
                .setMost(6)
                .setTarget("latency=60%")
                .setReached(true)
                .setCost(Cost.newBuilder().setMacs(500))
                .setKeeps(measuredMicros <= 60)
                .setLatency(TrialLatency.newBuilder()
                        .setOriginalNanos(100_000)
                        .setPredictedNanos(1000 * predictedMicros)
                        .setMeasuredNanos(1000 * measuredMicros))
                .setWay("l2 sum mean global")
                .build());
    }

    /** A trial of what cannot be reached. */
    TestingRun unreachable(int number, String target) {
        return emit(TrialEnded.newBuilder()
                .setNumber(number)
                .setMost(10)
                .setTarget(target)
                .build());
    }

    /** Measures a metric other than the accuracy, after the cut and after repair. */
    TestingRun measure(String metric, MetricUnit unit, boolean higherIsBetter, double... values) {
        List<EvaluationStage> stages = List.of(
                EvaluationStage.EVALUATION_STAGE_ORIGINAL,
                EvaluationStage.EVALUATION_STAGE_CUT,
                EvaluationStage.EVALUATION_STAGE_REPAIRED);
        for (int i = 0; i < values.length; i++) {
            emit(Evaluated.newBuilder()
                    .setStage(stages.get(i))
                    .setMetric(metric)
                    .setValue(values[i])
                    .setUnit(unit)
                    .setHigherIsBetter(higherIsBetter)
                    .setExamples(100)
                    .build());
        }
        return this;
    }

    TestingRun finish() {
        work(Work.WORK_VERIFY, 1);
        emit(Verified.newBuilder()
                .setOutcome(VerificationOutcome.VERIFICATION_OUTCOME_PROVED)
                .setMaxRelativeDifference(1.5e-7)
                .setTolerance(1e-4)
                .setInputsTried(7)
                .build());
        emit(Evaluated.newBuilder()
                .setStage(EvaluationStage.EVALUATION_STAGE_ORIGINAL)
                .setAccuracy(0.9283)
                .build());
        emit(Evaluated.newBuilder()
                .setStage(EvaluationStage.EVALUATION_STAGE_CUT)
                .setAccuracy(0.8170)
                .build());
        emit(LatencyMeasured.newBuilder()
                .setOriginalMedianNanos(340_000)
                .setPrunedMedianNanos(280_000)
                .build());
        return emit(RunFinished.newBuilder()
                .setVerification(VerificationOutcome.VERIFICATION_OUTCOME_PROVED)
                .setOriginal(cost(1000))
                .setPruned(cost(500))
                .build());
    }

    TestingRun fail(String message) {
        return emit(RunFailed.newBuilder()
                .setKind(FailureKind.FAILURE_KIND_INTERNAL)
                .setMessage(message)
                .addCauses(Cause.newBuilder()
                        .setType("java.lang.IllegalStateException")
                        .setMessage(message))
                .build());
    }

    TestingRun emit(Message payload) {
        events.emit(payload);
        return this;
    }

    private static Cost cost(long parameters) {
        return Cost.newBuilder()
                .setParameters(parameters)
                .setMacs(100 * parameters)
                .setBytes(4 * parameters)
                .build();
    }
}
