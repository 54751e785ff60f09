package io.espalier.metrics;

import io.espalier.events.v1.Work;
import io.espalier.events.v1.WorkStarted;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Instant;
import java.util.Map;

/** The observations of one run: the run, in it its steps, in them what they do. Not thread-safe. */
final class ObservedRun {

    private static final Map<Work, PruningMeter> METERS = Map.of(
            Work.WORK_LIFT, PruningMeter.LIFT,
            Work.WORK_ANALYSE, PruningMeter.ANALYSE,
            Work.WORK_SCORE, PruningMeter.SCORE,
            Work.WORK_PLAN, PruningMeter.PLAN,
            Work.WORK_OPERATE, PruningMeter.OPERATE,
            Work.WORK_VERIFY, PruningMeter.VERIFY,
            Work.WORK_REPAIR, PruningMeter.REPAIR,
            Work.WORK_EVALUATE, PruningMeter.EVALUATE,
            Work.WORK_TIME, PruningMeter.TIME,
            Work.WORK_SAVE, PruningMeter.SAVE);

    private final ObservationRegistry registry;
    private final String runId;
    private final String adapter;
    private final Observation run;
    private Observation step = Observation.NOOP;
    private Observation work = Observation.NOOP;
    private int stepNumber;
    private String criterion = "none";

    ObservedRun(ObservationRegistry registry, String runId, String adapter, String model, Instant time) {
        this.registry = registry;
        this.runId = runId;
        this.adapter = adapter;
        this.run = begin(PruningMeter.RUN, time, null)
                .lowCardinalityKeyValue("criterion", criterion)
                .highCardinalityKeyValue("model", model)
                .start();
    }

    void criterion(String name) {
        criterion = name;
    }

    /** What was done has ended, and something else begins. */
    void begin(WorkStarted next, Instant time) {
        end(work, Outcome.OK, time);
        work = Observation.NOOP;
        if (next.getStep() != stepNumber) {
            end(step, Outcome.OK, time);
            stepNumber = next.getStep();
            step = stepNumber == 0
                    ? Observation.NOOP
                    : begin(PruningMeter.STEP, time, run)
                            .highCardinalityKeyValue("step", Integer.toString(stepNumber))
                            .start();
        }
        PruningMeter meter = METERS.get(next.getWork());
        if (meter != null) {
            work = begin(meter, time, stepNumber == 0 ? run : step).start();
        }
    }

    /** The run has ended; what it was doing ended with it, and in the same way unless the run went through. */
    void end(Outcome outcome, Instant time) {
        Outcome inside = outcome == Outcome.FAILED || outcome == Outcome.CANCELLED ? outcome : Outcome.OK;
        end(work, inside, time);
        end(step, inside, time);
        run.lowCardinalityKeyValue("criterion", criterion);
        end(run, outcome, time);
    }

    /** No event of the run arrived for so long that the run is dropped. */
    void forget() {
        TimerHandler.stopActive(run.getContext());
    }

    private Observation begin(PruningMeter meter, Instant time, Observation parent) {
        Observation observation = Observation.createNotStarted(
                        meter.meterName(), () -> new PruningContext(meter, time), registry)
                .contextualName(meter.meterName().replace('.', ' '))
                .lowCardinalityKeyValue(KeyValue.of("adapter", adapter))
                .highCardinalityKeyValue("run.id", runId);
        return parent == null ? observation : observation.parentObservation(parent);
    }

    private static void end(Observation observation, Outcome outcome, Instant time) {
        if (observation.isNoop()) {
            return;
        }
        if (observation.getContext() instanceof PruningContext context) {
            context.ended(time);
        }
        if (outcome == Outcome.FAILED) {
            observation.error(new FailedRunException());
        }
        observation.lowCardinalityKeyValue("outcome", outcome.tag()).stop();
    }
}
