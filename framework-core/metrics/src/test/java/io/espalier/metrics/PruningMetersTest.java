package io.espalier.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.events.Journal;
import io.espalier.events.JournalReader;
import io.espalier.events.v1.FailureKind;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Work;
import io.espalier.metrics.PruningMeters.EventTrouble;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.HighCardinalityTagsDetector;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruningMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final PruningMeters meters = new PruningMeters(registry);

    @Test
    @DisplayName("A run is a timer, and so is everything it does, by the times it tells")
    void durations() {
        new TestingRuns("a", meters).prune("l1");

        assertThat(timer("pruning.run", "adapter", "onnx", "criterion", "l1", "outcome", "proved")
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(14);
        assertThat(timer("pruning.score", "adapter", "onnx", "outcome", "ok").totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
        assertThat(timer("pruning.step", "adapter", "onnx", "outcome", "ok").totalTime(TimeUnit.SECONDS))
                .isEqualTo(11);
        assertThat(timer("pruning.verify", "adapter", "onnx", "outcome", "ok").count())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("What a run removed is counted, and what it made is shown")
    void amounts() {
        new TestingRuns("a", meters).prune("l1");

        assertThat(counter("pruning.channels.removed")).isEqualTo(40);
        assertThat(counter("pruning.parameters.removed")).isEqualTo(750);
        assertThat(counter("pruning.macs.removed")).isEqualTo(3000);
        assertThat(counter("pruning.groups.scored")).isEqualTo(3);
        assertThat(counter("pruning.verifications")).isEqualTo(1);
        assertThat(gauge("pruning.model.parameters", "stage", "current")).isEqualTo(250);
        assertThat(gauge("pruning.model.latency", "stage", "original")).isCloseTo(0.002, within(1e-12));
        assertThat(gauge("pruning.accuracy", "stage", "original")).isEqualTo(0.9);
        assertThat(gauge("pruning.accuracy", "stage", "repaired")).isNaN();
        assertThat(gauge("pruning.sparsity")).isEqualTo(0.75);
    }

    @Test
    @DisplayName("The loss of a training is shown as it comes")
    void loss() {
        TestingRuns run = new TestingRuns("a", meters);
        run.start();
        assertThat(gauge("pruning.training.loss")).isNaN();
        run.emit(LossReported.newBuilder().setStep(10).setEpoch(1).setLoss(0.7).build());

        assertThat(gauge("pruning.training.loss")).isEqualTo(0.7);
    }

    @Test
    @DisplayName("A run that was killed is silent after five minutes, and after a day not under way any more")
    void silence() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T08:00:05Z"));
        SimpleMeterRegistry fleet = new SimpleMeterRegistry();
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        PruningMeters watching = new PruningMeters(fleet, ObservationRegistry.create(), clock);
        new TestingRuns("whole", watching).prune("l1");
        TestingRuns killed = new TestingRuns("killed", watching);
        killed.start();
        killed.work(Work.WORK_SCORE, 1);
        Gauge silent = fleet.get("pruning.run.silent").gauge();

        assertThat(silent.value()).isZero();
        now.set(Instant.parse("2026-11-23T08:05:02Z"));
        assertThat(silent.value()).isEqualTo(1);
        killed.work(Work.WORK_PLAN, 1);
        assertThat(silent.value()).as("it speaks again").isZero();
        now.set(Instant.parse("2026-11-24T07:59:00Z"));
        assertThat(silent.value()).isEqualTo(1);
        now.set(Instant.parse("2026-11-24T08:01:00Z"));
        assertThat(silent.value()).isZero();
        assertThat(fleet.get("pruning.run.active").longTaskTimer().activeTasks())
                .isZero();
    }

    @Test
    @DisplayName("A failed run fails the work it was at, and is counted with its reason")
    void failure() {
        TestingRuns run = new TestingRuns("a", meters);
        run.start();
        run.work(Work.WORK_LIFT, 0);
        run.work(Work.WORK_SCORE, 1);
        run.fail(FailureKind.FAILURE_KIND_INTERNAL);

        assertThat(timer("pruning.lift", "outcome", "ok").count()).isEqualTo(1);
        assertThat(timer("pruning.score", "outcome", "failed").count()).isEqualTo(1);
        assertThat(timer("pruning.step", "outcome", "failed").count()).isEqualTo(1);
        assertThat(timer("pruning.run", "outcome", "failed").count()).isEqualTo(1);
        assertThat(registry.get("pruning.failures")
                        .tag("reason", "internal")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("A run under way is active until its end is heard")
    void active() {
        TestingRuns run = new TestingRuns("a", meters);
        run.start();

        assertThat(activeRuns()).isEqualTo(1);
        run.fail(FailureKind.FAILURE_KIND_CANCELLED);
        assertThat(activeRuns()).isZero();
    }

    @Test
    @DisplayName("A journal read afterwards gives the meters of the run itself")
    void journal(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run.events");
        try (Journal journal = Journal.create(file)) {
            new TestingRuns("a", journal, meters).prune("l1");
        }
        SimpleMeterRegistry later = new SimpleMeterRegistry();
        JournalReader.read(file).events().forEach(new PruningMeters(later)::accept);

        assertThat(told(later)).isEqualTo(told(registry));
    }

    @Test
    @DisplayName("Runs that speak in turn do not disturb each other")
    void interleaved() {
        TestingRuns one = new TestingRuns("one", meters);
        TestingRuns two = new TestingRuns("two", meters);
        one.start();
        two.start();
        one.work(Work.WORK_LIFT, 0);
        two.work(Work.WORK_LIFT, 0);
        one.fail(FailureKind.FAILURE_KIND_OUTPUT);
        two.prune("l2");

        assertThat(registry.get("pruning.run").tag("outcome", "failed").timer().count())
                .isEqualTo(1);
        assertThat(registry.get("pruning.run").tag("outcome", "proved").timer().count())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("A run whose beginning was missed is counted and not timed")
    void joinedLate() {
        TestingRuns run = new TestingRuns("a");
        new TestingRuns("b", event -> {
                    if (event.getSequence() > 4) {
                        meters.accept(event);
                    }
                })
                .prune("l1");
        run.start();

        assertThat(registry.find("pruning.run").timers()).isEmpty();
        assertThat(registry.get("pruning.parameters.removed")
                        .tag("adapter", "unknown")
                        .counter()
                        .count())
                .isEqualTo(750);
    }

    @Test
    @DisplayName("A thousand runs of as many layers make no more series than one; run ids and layers are never tags")
    void cardinality() {
        new TestingRuns("run-0", meters).prune("l1");
        int series = registry.getMeters().size();
        for (int i = 1; i < 1000; i++) {
            new TestingRuns("run-" + i, meters).prune("l1");
        }

        assertThat(registry.getMeters()).hasSize(series);
        assertThat(new HighCardinalityTagsDetector(registry, 20, Duration.ofDays(1)).findFirst())
                .isEmpty();
        assertThat(registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .noneMatch(value -> value.matches(".*(run-\\d|layer|/).*"));
    }

    @Test
    @DisplayName("Names that plug-ins or strangers choose are tamed: plain, and few")
    void strangers() {
        for (int i = 0; i < 500; i++) {
            TestingRuns run = new TestingRuns("run-" + i, meters);
            run.emit(RunStarted.newBuilder().setFramework("framework" + i).build());
            run.fail(FailureKind.FAILURE_KIND_INTERNAL);
        }
        new TestingRuns("evil", meters)
                .emit(RunStarted.newBuilder().setFramework("<b>\n\"}").build());

        assertThat(registry.find("pruning.failures").counters()).hasSize(TagValues.MAX_VALUES + 1);
        assertThat(registry.get("pruning.failures")
                        .tag("adapter", "other")
                        .counter()
                        .count())
                .isEqualTo(500 - TagValues.MAX_VALUES);
    }

    @Test
    @DisplayName("Runs that never end are forgotten when there are too many")
    void bounded() {
        for (int i = 0; i < PruningMeters.MAX_RUNS + 50; i++) {
            new TestingRuns("run-" + i, meters).start();
        }
        assertThat(activeRuns()).isEqualTo(PruningMeters.MAX_RUNS);
    }

    @Test
    @DisplayName("Observations of run, step and work are nested and stopped, with the run id for tracers only")
    void observations() {
        TestObservationRegistry observed = TestObservationRegistry.create();
        new TestingRuns("a", new PruningMeters(registry, observed)).prune("l1");

        for (String name : List.of("run", "step", "score", "operate", "verify", "evaluate")) {
            TestObservationRegistryAssert.assertThat(observed)
                    .hasObservationWithNameEqualTo("pruning." + name)
                    .that()
                    .hasBeenStarted()
                    .hasBeenStopped()
                    .hasLowCardinalityKeyValue("adapter", "onnx")
                    .hasHighCardinalityKeyValue("run.id", "a");
        }
        TestObservationRegistryAssert.assertThat(observed)
                .hasObservationWithNameEqualTo("pruning.score")
                .that()
                .hasParentObservationContextSatisfying(
                        parent -> assertThat(parent.getName()).isEqualTo("pruning.step"));
        TestObservationRegistryAssert.assertThat(observed)
                .hasObservationWithNameEqualTo("pruning.step")
                .that()
                .hasParentObservationContextSatisfying(
                        parent -> assertThat(parent.getName()).isEqualTo("pruning.run"));
    }

    @Test
    @DisplayName(
            "Every meter has the name, the kind and the tags that are documented, and every documented one appears")
    void asDocumented() {
        new TestingRuns("a", meters).prune("l1");
        TestingRuns repairing = new TestingRuns("b", meters);
        repairing.start();
        for (Work work : List.of(Work.WORK_ANALYSE, Work.WORK_REPAIR)) {
            repairing.work(work, 1);
        }
        repairing.fail(FailureKind.FAILURE_KIND_INTERNAL);
        meters.plugins(3, 1);
        meters.pluginFailure("com.example.Broken", true);
        meters.eventTrouble(EventTrouble.LOST, 2);
        meters.lag(() -> 7);

        Map<String, PruningMeter> documented =
                Arrays.stream(PruningMeter.values()).collect(Collectors.toMap(PruningMeter::meterName, m -> m));
        assertThat(withoutBuckets()).allSatisfy(meter -> {
            PruningMeter expected = documented.get(meter.getId().getName());
            assertThat(expected).as(meter.getId().toString()).isNotNull();
            assertThat(meter.getId().getTags())
                    .extracting(Tag::getKey)
                    .containsExactlyInAnyOrderElementsOf(expected.tags());
            assertThat(meter.getId().getType()).isEqualTo(type(expected));
            assertThat(meter.getId().getDescription()).isEqualTo(expected.description());
        });
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .containsAll(documented.keySet());
        assertThat(gauge("pruning.events.lag")).isEqualTo(7);
        assertThat(registry.get("pruning.events.failed")
                        .tag("reason", "lost")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("Prometheus text carries the meters and escapes nothing into the wrong place")
    void prometheus() {
        try (PrometheusScrape scrape = new PrometheusScrape()) {
            new TestingRuns("a", scrape.meters()).prune("l1");

            assertThat(scrape.text())
                    .contains("pruning_run_seconds_count{adapter=\"onnx\",criterion=\"l1\",outcome=\"proved\"} 1")
                    .contains("pruning_score_seconds_bucket{adapter=\"onnx\",outcome=\"ok\",le=\"5.0\"} 1")
                    .contains("pruning_channels_removed_total{adapter=\"onnx\"} 40.0")
                    .contains("pruning_run_active_seconds_count{adapter=\"onnx\"} 0")
                    .contains("pruning_sparsity_ratio 0.75")
                    .contains("jvm_memory_used_bytes");
        }
    }

    private Timer timer(String name, String... tags) {
        return registry.get(name).tags(tags).timer();
    }

    private double counter(String name) {
        return registry.get(name).counter().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private int activeRuns() {
        return registry.get("pruning.run.active").longTaskTimer().activeTasks();
    }

    /** This registry shows the buckets of a timer as gauges of their own. */
    private List<Meter> withoutBuckets() {
        return registry.getMeters().stream()
                .filter(meter -> !meter.getId().getName().endsWith(".histogram"))
                .toList();
    }

    private static Map<String, List<Double>> told(SimpleMeterRegistry registry) {
        Function<Meter, List<Double>> values = meter -> {
            List<Double> list = new ArrayList<>();
            meter.measure().forEach(each -> list.add(each.getValue()));
            return list;
        };
        return registry.getMeters().stream()
                .collect(Collectors.toMap(m -> m.getId().toString(), values));
    }

    private static Meter.Type type(PruningMeter meter) {
        return switch (meter.kind()) {
            case OBSERVATION -> Meter.Type.TIMER;
            case LONG_TASK -> Meter.Type.LONG_TASK_TIMER;
            case COUNTER -> Meter.Type.COUNTER;
            case GAUGE -> Meter.Type.GAUGE;
        };
    }
}
