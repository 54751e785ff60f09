package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.Work;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Runs in a JVM of 256 MB, see the pom. */
class RunsTest {

    private final Runs runs = new Runs();

    @Test
    @DisplayName(
            "10,000 runs whose events would fill more than a gigabyte leave a summary each, and details of the latest")
    void bounded() {
        String[] layers = new String[700];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = "a.layer.with.a.rather.long.name.as.exporters.like.them." + i;
        }
        List<PruningEvent> story = new ArrayList<>();
        new TestingRun("model", story::add)
                .start("x".repeat(10_000))
                .layers(layers)
                .finish();
        long bytes = story.stream().mapToLong(PruningEvent::getSerializedSize).sum();
        assertThat(bytes * Runs.MAX_RUNS).isGreaterThan(1L << 30);

        for (int run = 0; run < Runs.MAX_RUNS + 100; run++) {
            for (PruningEvent event : story) {
                runs.accept(event.toBuilder().setRunId("run" + run).build());
            }
        }

        JsonNode list = runs.list(50);
        assertThat(list.get("total").intValue()).isEqualTo(Runs.MAX_RUNS);
        assertThat(list.get("forgotten").intValue()).isEqualTo(100);
        assertThat(runs.summary("run0")).isEmpty();
        assertThat(runs.details("run200").orElseThrow().get("detailsCut").booleanValue())
                .isTrue();
        assertThat(runs.summary("run200").orElseThrow().get("state").textValue())
                .isEqualTo("finished");
        JsonNode latest = runs.details("run" + (Runs.MAX_RUNS + 99)).orElseThrow();
        assertThat(latest.get("groupList")).hasSize(layers.length);
        assertThat(latest.get("model").textValue()).hasSizeLessThan(500);
    }

    @Test
    @DisplayName("A training of any length leaves a curve of bounded size, from its first loss to one of its last")
    void losses() {
        TestingRun training = new TestingRun("training", runs::accept).start("net.zip");
        for (int step = 0; step < 100_000; step++) {
            training.loss(step, step == 50 ? Double.NaN : 1.0 / (1 + step));
        }

        JsonNode details = runs.details("training").orElseThrow();

        JsonNode losses = details.get("losses");
        assertThat(losses).hasSizeBetween(LossCurve.MAX_POINTS / 2, LossCurve.MAX_POINTS);
        assertThat(losses.get(0).get(0).longValue()).isZero();
        assertThat(losses.get(losses.size() - 1).get(0).longValue()).isGreaterThan(99_000);
        for (int i = 1; i < losses.size(); i++) {
            assertThat(losses.get(i).get(0).longValue()
                            - losses.get(i - 1).get(0).longValue())
                    .as("evenly apart")
                    .isEqualTo(losses.get(1).get(0).longValue());
        }
        assertThat(details.at("/loss/step").longValue()).isEqualTo(99_999);
        assertThat(details.get("detailsCut").booleanValue()).isFalse();
    }

    @Test
    @DisplayName("Epochs between the cuts of a run say how long the rest of them takes, also after going back")
    void epochs() {
        TickingClock clock = new TickingClock();
        TestingRun run = new TestingRun("during", clock, runs::accept).start("net.onnx");
        run.work(Work.WORK_TRAIN, 1);
        clock.seconds(20);
        run.epoch(1, 4, 2.3, 0.1);
        run.layers("conv").work(Work.WORK_TRAIN, 2);
        clock.seconds(40);
        run.epoch(2, 4, 1.5, 0.4);

        JsonNode after = runs.summary("during").orElseThrow().get("epoch");
        assertThat(after.get("number").intValue()).isEqualTo(2);
        assertThat(after.get("left").longValue()).isEqualTo(60_000);

        clock.seconds(10);
        run.epoch(2, 4, 1.7, 0.3);
        JsonNode back = runs.summary("during").orElseThrow().get("epoch");
        assertThat(back.get("left").longValue()).isEqualTo(20_000);
        JsonNode details = runs.details("during").orElseThrow();
        assertThat(details.get("epochs")).hasSize(3);
        assertThat(details.at("/epochs/1/validation/value").doubleValue()).isEqualTo(0.4);
        assertThat(details.at("/epochs/1/validation/name").textValue()).isEqualTo("accuracy");
    }

    @Test
    @DisplayName("The trials of a search are kept, those too that cannot be reached")
    void trials() {
        new TestingRun("search", runs::accept)
                .start("net.onnx")
                .trial(1, "macs=50%", 500, 0.93)
                .unreachable(2, "macs=1%");
        JsonNode details = runs.details("search").orElseThrow();
        assertThat(details.get("trials")).hasSize(2);
        assertThat(details.at("/trials/0/macs").longValue()).isEqualTo(500);
        assertThat(details.at("/trials/0/keeps").booleanValue()).isTrue();
        assertThat(details.at("/trials/1/reached").booleanValue()).isFalse();
        assertThat(details.at("/trials/1").has("value")).isFalse();
        assertThat(details.at("/trials/0").has("latency")).isFalse();
    }

    @Test
    @DisplayName("A trial that was timed has what was predicted and what was measured, and no metric")
    void timedTrials() {
        new TestingRun("timed", runs::accept).start("net.onnx").timedTrial(1, 60, 68);
        JsonNode trial = runs.details("timed").orElseThrow().at("/trials/0");

        assertThat(trial.at("/latency/predicted").longValue()).isEqualTo(60_000);
        assertThat(trial.at("/latency/measured").longValue()).isEqualTo(68_000);
        assertThat(trial.at("/keeps").booleanValue()).isFalse();
        assertThat(trial.has("value")).isFalse();
    }

    @Test
    @DisplayName("Of a training of any length the last epochs are kept")
    void manyEpochs() {
        TestingRun run = new TestingRun("long", runs::accept).start("net.onnx");
        for (int epoch = 1; epoch <= 5_000; epoch++) {
            run.epoch(epoch, 5_000, 1.0 / epoch, 0.5);
        }
        run.finish();

        JsonNode details = runs.details("long").orElseThrow();
        assertThat(details.get("epochs")).hasSize(Runs.MAX_EPOCHS);
        assertThat(details.at("/epochs/" + (Runs.MAX_EPOCHS - 1) + "/number").intValue())
                .isEqualTo(5_000);
        assertThat(details.get("detailsCut").booleanValue()).isFalse();
    }

    /** A clock that stands still until it is moved. */
    private static final class TickingClock extends Clock {

        private Instant now = Instant.parse("2026-11-23T08:00:00Z");

        void seconds(long more) {
            now = now.plusSeconds(more);
        }

        @Override
        public Instant instant() {
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

    @Test
    @DisplayName("A run that tells without end does not push the others out of memory")
    void endless() {
        new TestingRun("quiet", runs::accept).start("m.onnx").finish();
        TestingRun endless = new TestingRun("endless", runs::accept).start("m.onnx");
        for (int i = 0; i < 5_000; i++) {
            endless.progress("going on", i, 0);
            endless.layers("conv");
        }

        assertThat(runs.details("quiet").orElseThrow().get("works")).isNotEmpty();
        assertThat(runs.summary("endless").orElseThrow().get("detailsCut").booleanValue())
                .isTrue();
    }

    @Test
    @DisplayName("What is listed is what began last")
    void order() {
        new TestingRun("one", runs::accept).start("m.onnx");
        new TestingRun("two", runs::accept).start("m.onnx");

        assertThat(runs.list(1).get("runs")).hasSize(1);
        assertThat(runs.list(10).get("total").intValue()).isEqualTo(2);
    }

    @Test
    @DisplayName("A run whose beginning was missed is shown with what is known")
    void joinedLate() {
        List<PruningEvent> story = new ArrayList<>();
        new TestingRun("a", story::add).start("m.onnx").layers("conv").finish();
        story.subList(4, story.size()).forEach(runs::accept);

        assertThat(runs.details("a").orElseThrow().get("state").textValue()).isEqualTo("finished");
    }
}
