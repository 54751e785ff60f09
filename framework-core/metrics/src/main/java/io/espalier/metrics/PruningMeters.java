package io.espalier.metrics;

import com.google.protobuf.ProtocolMessageEnum;
import io.espalier.events.EventSink;
import io.espalier.events.v1.FailureKind;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.VerificationOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Turns events of runs into meters and observations; see {@link PruningMeter}.
 *
 * <p>Give it to a run as a sink, or hand it what a subscriber reads: it makes no difference. It expects each event once
 * and those of a run in order. Durations come from the times in the events. A run whose first event was not received is
 * counted but not timed; of more than {@value #MAX_RUNS} runs that are under way at once, the one that was silent
 * longest is forgotten. Thread-safe.
 */
public final class PruningMeters implements EventSink {

    /** Runs under way that are followed at once. */
    public static final int MAX_RUNS = 10_000;

    /** Why events are missing. */
    public enum EventTrouble {
        /** A sink of the run lost them: the disk was full, for instance. */
        LOST,
        /** Kafka does not take them. */
        REFUSED,
        /** They are no events, or of a newer version. */
        UNDECODABLE
    }

    private static final int MAX_PATH = 500;
    private static final Duration SILENT = Duration.ofMinutes(5);
    private static final Duration DEAD = Duration.ofDays(1);

    private final MeterRegistry registry;
    private final ObservationRegistry observations;
    private final Clock clock;
    private final LastModel last;
    private final TagValues adapters = new TagValues();
    private final TagValues criteria = new TagValues();
    private final TagValues plugins = new TagValues();
    private volatile LongSupplier lag = () -> 0;
    private volatile LongSupplier readersDown = () -> 0;
    private volatile LongSupplier readersRestarts = () -> 0;

    private final Map<String, Followed> runs = new LinkedHashMap<>(16, 0.75f, true);

    /** A run under way. */
    private static final class Followed {
        private final String adapter;
        private final ObservedRun observed;
        private Instant heard;
        private long channelsRemoved;

        Followed(String adapter, ObservedRun observed, Instant heard) {
            this.adapter = adapter;
            this.observed = observed;
            this.heard = heard;
        }
    }

    /** Meters in a registry, without anybody else who observes. */
    public PruningMeters(MeterRegistry registry) {
        this(registry, ObservationRegistry.create());
    }

    /**
     * Meters in a registry, and observations for others too, such as tracers.
     *
     * @param observations gets a handler that makes the timers; leave Micrometer's {@code DefaultMeterObservationHandler}
     *     out, which would make them a second time
     */
    public PruningMeters(MeterRegistry registry, ObservationRegistry observations) {
        this(registry, observations, Clock.systemUTC());
    }

    PruningMeters(MeterRegistry registry, ObservationRegistry observations, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.observations = observations;
        observations.observationConfig().observationHandler(new TimerHandler(registry));
        this.last = new LastModel(registry);
        for (EventTrouble trouble : EventTrouble.values()) {
            eventTrouble(trouble, 0);
        }
        Gauge.builder(PruningMeter.EVENTS_LAG.meterName(), this, self -> self.lag.getAsLong())
                .description(PruningMeter.EVENTS_LAG.description())
                .strongReference(true)
                .register(registry);
        Gauge.builder(PruningMeter.READERS_DOWN.meterName(), this, self -> self.readersDown.getAsLong())
                .description(PruningMeter.READERS_DOWN.description())
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder(
                        PruningMeter.READERS_RESTARTS.meterName(), this, self -> self.readersRestarts.getAsLong())
                .description(PruningMeter.READERS_RESTARTS.description())
                .register(registry);
        Gauge.builder(PruningMeter.RUN_SILENT.meterName(), this, PruningMeters::silent)
                .description(PruningMeter.RUN_SILENT.description())
                .strongReference(true)
                .register(registry);
    }

    /** Runs under way that have been silent for a while; those that were silent for a day are not under way any more. */
    private synchronized long silent() {
        Instant now = clock.instant();
        runs.values().removeIf(run -> {
            boolean dead = Duration.between(run.heard, now).compareTo(DEAD) > 0;
            if (dead) {
                run.observed.forget();
            }
            return dead;
        });
        return runs.values().stream()
                .filter(run -> Duration.between(run.heard, now).compareTo(SILENT) >= 0)
                .count();
    }

    @Override
    public synchronized void accept(PruningEvent event) {
        count(PruningMeter.EVENTS, 1, "event.type", type(event));
        Instant time = Instant.ofEpochSecond(
                event.getTime().getSeconds(), event.getTime().getNanos());
        if (event.hasRunStarted()) {
            start(event.getRunId(), event.getRunStarted(), time);
            return;
        }
        Followed run = runs.get(event.getRunId());
        String adapter = run == null ? TagValues.UNKNOWN : run.adapter;
        if (run != null) {
            run.heard = time;
        }
        switch (event.getPayloadCase()) {
            case WORK_STARTED -> {
                if (run != null) {
                    run.observed.begin(event.getWorkStarted(), time);
                }
            }
            case SCORED -> scored(event, run, adapter);
            case PLANNED -> planned(event.getPlanned(), run);
            case VERIFIED ->
                count(
                        PruningMeter.VERIFICATIONS,
                        1,
                        "adapter",
                        adapter,
                        "outcome",
                        word(event.getVerified().getOutcome(), "VERIFICATION_OUTCOME_"));
            case EVALUATED -> last.evaluated(event.getEvaluated());
            case LATENCY_MEASURED -> last.timed(event.getLatencyMeasured());
            case LOSS_REPORTED -> last.trained(event.getLossReported());
            case RUN_FINISHED -> finished(event, run, adapter, time);
            case RUN_FAILED -> failed(event, run, adapter, time);
            default -> {
                // Counted above, and nothing more to measure.
            }
        }
    }

    private void start(String runId, RunStarted started, Instant time) {
        String adapter = adapters.of(started.getFramework());
        runs.put(
                runId,
                new Followed(
                        adapter,
                        new ObservedRun(
                                observations,
                                runId,
                                adapter,
                                cut(started.getInput().getPath()),
                                time),
                        time));
        if (runs.size() > MAX_RUNS) {
            String eldest = runs.keySet().iterator().next();
            runs.remove(eldest).observed.forget();
        }
    }

    /** The paths of so many runs are kept that each has to be short. */
    private static String cut(String path) {
        return path.length() <= MAX_PATH ? path : path.substring(path.length() - MAX_PATH);
    }

    private void scored(PruningEvent event, Followed run, String adapter) {
        String criterion = criteria.of(event.getScored().getCriterion());
        if (run != null) {
            run.observed.criterion(criterion);
        }
        count(
                PruningMeter.GROUPS_SCORED,
                event.getScored().getGroupsTotal(),
                "adapter",
                adapter,
                "criterion",
                criterion);
    }

    private static void planned(Planned planned, Followed run) {
        if (run != null) {
            run.channelsRemoved = planned.getChannelsTotal() - planned.getChannelsKept();
        }
    }

    private void finished(PruningEvent event, Followed run, String adapter, Instant time) {
        RunFinished finished = event.getRunFinished();
        if (run != null) {
            run.observed.end(Outcome.of(finished.getVerification()), time);
            runs.remove(event.getRunId());
        }
        if (finished.getVerification() == VerificationOutcome.VERIFICATION_OUTCOME_UNSPECIFIED) {
            // It only made a plan: no model became smaller.
            return;
        }
        last.finished(finished);
        count(PruningMeter.CHANNELS_REMOVED, run == null ? 0 : run.channelsRemoved, "adapter", adapter);
        count(
                PruningMeter.PARAMETERS_REMOVED,
                finished.getOriginal().getParameters() - finished.getPruned().getParameters(),
                "adapter",
                adapter);
        count(
                PruningMeter.MACS_REMOVED,
                finished.getOriginal().getMacs() - finished.getPruned().getMacs(),
                "adapter",
                adapter);
    }

    private void failed(PruningEvent event, Followed run, String adapter, Instant time) {
        RunFailed failed = event.getRunFailed();
        boolean cancelled = failed.getKind() == FailureKind.FAILURE_KIND_CANCELLED;
        if (run != null) {
            run.observed.end(cancelled ? Outcome.CANCELLED : Outcome.FAILED, time);
            runs.remove(event.getRunId());
        }
        count(PruningMeter.FAILURES, 1, "adapter", adapter, "reason", word(failed.getKind(), "FAILURE_KIND_"));
    }

    /** Counts events that are missing. */
    public void eventTrouble(EventTrouble trouble, long events) {
        count(PruningMeter.EVENTS_FAILED, events, "reason", trouble.name().toLowerCase(Locale.ROOT));
    }

    /** Says where to ask how many events are still on their way; asked at every scrape. */
    public void lag(LongSupplier events) {
        lag = events;
    }

    /**
     * Shows the readers of events of this process; asked at every scrape.
     *
     * @param down how many do not read at the moment although they should
     * @param restarts how often one failed and was started again
     */
    public void readers(LongSupplier down, LongSupplier restarts) {
        readersDown = down;
        readersRestarts = restarts;
    }

    /** Shows the plug-ins of this process: how many are used, and how many are quarantined. */
    public void plugins(int active, int quarantined) {
        plugins("active", active);
        plugins("quarantined", quarantined);
    }

    private void plugins(String state, int number) {
        Gauge.builder(PruningMeter.PLUGINS.meterName(), () -> number)
                .description(PruningMeter.PLUGINS.description())
                .tag("state", state)
                .register(registry);
    }

    /**
     * Counts something of a plug-in that is not used.
     *
     * @param plugin its id, empty when it declares none
     * @param whole whether it is the whole plug-in, not only an extension of it
     */
    public synchronized void pluginFailure(String plugin, boolean whole) {
        count(PruningMeter.PLUGIN_FAILURES, 1, "plugin", plugins.of(plugin), "kind", whole ? "plugin" : "extension");
    }

    private void count(PruningMeter meter, long amount, String... tags) {
        Counter.builder(meter.meterName())
                .description(meter.description())
                .tags(tags)
                .register(registry)
                .increment(Math.max(0, amount));
    }

    private static String type(PruningEvent event) {
        return event.getPayloadCase().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String word(ProtocolMessageEnum constant, String prefix) {
        String name = constant.toString();
        return (name.startsWith(prefix) ? name.substring(prefix.length()) : name)
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
    }
}
