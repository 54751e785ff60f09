package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Cost;
import io.espalier.api.Evaluation;
import io.espalier.api.FineTuned;
import io.espalier.api.Latency;
import io.espalier.api.Measured;
import io.espalier.api.OutputFiles;
import io.espalier.api.Proof;
import io.espalier.api.PruneResult;
import io.espalier.api.Repair;
import io.espalier.cli.text.Style;
import io.espalier.spi.metric.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReportTextTest {

    private static final Style PLAIN = new Style(false);
    private static final Proof PROVED = new Proof(Proof.Outcome.PROVED, 1e-5, 1.6e-7, 1e-4, 7, "", Double.NaN);

    @Test
    @DisplayName("One table of before and after: with a repair, accuracy right after the cut and after it")
    void repaired() {
        PruneResult report = report(Optional.of(new Repair("bn", 42, 1024, List.of())), 231_000);

        Golden.assertMatches("report-repaired.txt", String.join("\n", ReportText.lines(report, PLAIN)) + "\n");
    }

    @Test
    @DisplayName("Fitted weights are summed up by the median of their errors")
    void fitted() {
        List<Repair.Weight> weights = List.of(
                new Repair.Weight("a", 0.5, 0.01, ""),
                new Repair.Weight("b", 0.3, 0.03, ""),
                new Repair.Weight("c", 0.1, 0.1, "no better weight was found"));
        PruneResult report = report(Optional.of(new Repair("obs", 2, 128, weights)), 231_000);

        List<String> lines = ReportText.lines(report, PLAIN);

        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("fitted  2 of 3 weights to what the original computed: median error 40.00 % before, 2.00 %"
                        + " after, on examples held back");
    }

    @Test
    @DisplayName("Without a repair there is one accuracy, and no row for what was not measured")
    void plain() {
        Golden.assertMatches(
                "report.txt", String.join("\n", ReportText.lines(report(Optional.empty(), 0), PLAIN)) + "\n");
    }

    @Test
    @DisplayName("Better is green, smaller but not faster is marked")
    void colour() {
        List<String> lines = ReportText.lines(report(Optional.empty(), 360_000), new Style(true));

        assertThat(lines.get(1)).contains("\u001b[32m140,000\u001b[0m");
        assertThat(lines.get(4)).contains("\u001b[33m0.360 ms\u001b[0m");
    }

    @Test
    @DisplayName("What was not proved says why")
    void notProved() {
        Proof proof =
                new Proof(Proof.Outcome.NOT_PROVED, 0, 0, 1e-4, 6, "the output 'y\u001b' is constant", Double.NaN);

        assertThat(ReportText.proof(proof, PLAIN)).isEqualTo("not proved  the output 'y\\u001b' is constant");
    }

    private static Evaluation accuracy(int correct) {
        return new Evaluation("top-1", Metric.Unit.SHARE, true, correct / 4000.0, 4000, true);
    }

    @Test
    @DisplayName("A trained model shows what each step was worth, and how it was trained")
    void trained() {
        FineTuned training = new FineTuned("cross-entropy", "sgd", 60_000, Optional.of("original"), List.of(0.5, 0.25));
        Repair repair = new Repair("obs", 3, 1024, List.of());
        List<String> lines = ReportText.lines(report(Optional.of(repair), Optional.of(training), 0), PLAIN);

        assertThat(lines)
                .anyMatch(line -> line.startsWith("accuracy right after the cut") && line.contains("50.00 %"))
                .anyMatch(line -> line.startsWith("accuracy after repair obs") && line.contains("80.00 %"))
                .anyMatch(line -> line.startsWith("accuracy after training") && line.contains("90.00 %"))
                .contains(
                        "trained  2 epochs on 60,000 examples, taught by original: loss 0.5000 in the first, 0.2500 in the last");
    }

    /** A report; no latency when 0. */
    private static PruneResult report(Optional<Repair> repair, long prunedNanos) {
        return report(repair, Optional.empty(), prunedNanos);
    }

    private static PruneResult report(Optional<Repair> repair, Optional<FineTuned> training, long prunedNanos) {
        return new PruneResult(
                "run",
                Path.of("model.onnx"),
                OutputFiles.of(Path.of("pruned.onnx")),
                TestingPlan.withBarriers(0),
                new Measured(new Cost(272_090, 31_021_952, 1_108_352), Optional.of(accuracy(3713))),
                new Measured(
                        new Cost(140_000, 15_500_000, 560_000),
                        Optional.of(accuracy(repair.isPresent() ? 3600 : 2000))),
                Optional.of(accuracy(2000)),
                training.map(each -> accuracy(3200)),
                PROVED,
                prunedNanos == 0 ? Optional.empty() : Optional.of(new Latency(352_000, prunedNanos, 0.5, 0.6, 50)),
                repair,
                training,
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Duration.ofSeconds(3),
                "{}");
    }
}
