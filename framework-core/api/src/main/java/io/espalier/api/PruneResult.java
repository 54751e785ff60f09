package io.espalier.api;

import io.espalier.engine.run.PruningReport;
import io.espalier.engine.run.ReportJson;
import io.espalier.events.EventLoss;
import io.espalier.spi.Stability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A model that was pruned and written.
 *
 * @param runId identifies the run; its events carry it
 * @param input the original model file
 * @param files what was written
 * @param plan what was removed
 * @param original measures of the original
 * @param pruned measures of the pruned model as it was written
 * @param evaluationAfterCut what the metric says before any repair
 * @param evaluationAfterRepair what it says after the repair and before training, when there were both
 * @param proof the proof; {@linkplain Proof#isProved() proved}, unless the request accepts what is not
 * @param latency latencies of both, when they were measured
 * @param repair what was repaired, when it was asked for
 * @param training how the pruned model was trained, when it was asked for
 * @param cuts the cuts of a model that was pruned while it was trained, in order
 * @param search how the target was found, where an accuracy was asked for
 * @param notes sentences for people about what could not be done
 * @param lostEvents events that did not reach the journal or a handler
 * @param elapsed how long the run took
 * @param report all of this as JSON, as in the report file
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record PruneResult(
        String runId,
        Path input,
        OutputFiles files,
        Plan plan,
        Measured original,
        Measured pruned,
        Optional<Evaluation> evaluationAfterCut,
        Optional<Evaluation> evaluationAfterRepair,
        Proof proof,
        Optional<Latency> latency,
        Optional<Repair> repair,
        Optional<FineTuned> training,
        List<Cut> cuts,
        Optional<Search> search,
        List<String> notes,
        List<EventLoss> lostEvents,
        Duration elapsed,
        String report) {

    public PruneResult {
        cuts = List.copyOf(cuts);
        notes = List.copyOf(notes);
        lostEvents = List.copyOf(lostEvents);
    }

    static PruneResult of(PruningReport report) {
        return new PruneResult(
                report.runId(),
                report.input(),
                OutputFiles.of(report.files()),
                new Plan(report.plan()),
                Measured.of(report.original()),
                Measured.of(report.pruned()),
                report.evaluationAfterCut().map(Evaluation::of),
                report.evaluationAfterRepair().map(Evaluation::of),
                Proof.of(report.verification()),
                report.latency().map(Latency::of),
                report.repair().map(Repair::of),
                report.training().map(FineTuned::of),
                report.cuts().stream().map(Cut::of).toList(),
                report.search().map(record -> Search.of(record, report.files().search())),
                report.notes(),
                report.losses(),
                report.elapsed(),
                ReportJson.text(report));
    }
}
