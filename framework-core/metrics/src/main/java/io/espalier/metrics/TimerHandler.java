package io.espalier.metrics;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.time.Duration;

/**
 * Makes timers of observations.
 *
 * <p>Unlike Micrometer's own handler it takes durations from the times in the events, so that a run that is read from
 * Kafka or from a journal afterwards took as long as it did.
 */
final class TimerHandler implements ObservationHandler<PruningContext> {

    /** From a tenth of a second to an hour. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1)
    };

    private final MeterRegistry registry;

    TimerHandler(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void onStart(PruningContext context) {
        if (context.meter() == PruningMeter.RUN) {
            String adapter = context.getLowCardinalityKeyValue("adapter").getValue();
            context.put(
                    LongTaskTimer.Sample.class,
                    LongTaskTimer.builder(PruningMeter.RUN_ACTIVE.meterName())
                            .description(PruningMeter.RUN_ACTIVE.description())
                            .tag("adapter", adapter)
                            .register(registry)
                            .start());
        }
    }

    @Override
    public void onStop(PruningContext context) {
        stopActive(context);
        Tags tags = Tags.empty();
        for (String name : context.meter().tags()) {
            tags = tags.and(name, context.getLowCardinalityKeyValue(name).getValue());
        }
        Timer.Builder timer = Timer.builder(context.meter().meterName())
                .description(context.meter().description())
                .tags(tags);
        if (context.meter() == PruningMeter.RUN || context.meter() == PruningMeter.SCORE) {
            timer.serviceLevelObjectives(BUCKETS);
        }
        timer.register(registry).record(context.elapsed());
    }

    /** The run is no longer under way. */
    static void stopActive(Observation.ContextView context) {
        LongTaskTimer.Sample active = context.get(LongTaskTimer.Sample.class);
        if (active != null) {
            active.stop();
        }
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof PruningContext;
    }
}
