package io.espalier.api;

import io.espalier.events.EventLoss;
import io.espalier.spi.Stability;
import io.espalier.training.TrainableWeight;
import io.espalier.training.TrainingJson;
import io.espalier.training.TrainingReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of training.
 *
 * @param runId identifies the run
 * @param files what was written: model, journal and report
 * @param report the report, as JSON
 * @param weights names of the constants that were trained
 * @param parameters number of their elements
 * @param epochs what each epoch gave, in order
 * @param before what the metric says of the file that was given; empty without data to measure
 * @param after what it says of the file that was written
 * @param notes sentences for people
 * @param lostEvents events that did not arrive
 * @param elapsed how long it took
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record TrainResult(
        String runId,
        OutputFiles files,
        String report,
        List<String> weights,
        long parameters,
        List<TrainedEpoch> epochs,
        Optional<Evaluation> before,
        Optional<Evaluation> after,
        List<String> notes,
        List<EventLoss> lostEvents,
        Duration elapsed) {

    public TrainResult {
        weights = List.copyOf(weights);
        epochs = List.copyOf(epochs);
        notes = List.copyOf(notes);
        lostEvents = List.copyOf(lostEvents);
    }

    static TrainResult of(TrainingReport report) {
        return new TrainResult(
                report.runId(),
                OutputFiles.of(report.files().model()),
                TrainingJson.text(report),
                report.weights().stream().map(TrainableWeight::name).toList(),
                report.weights().stream().mapToLong(TrainableWeight::size).sum(),
                report.epochs().stream().map(TrainedEpoch::of).toList(),
                report.before().map(Evaluation::of),
                report.after().map(Evaluation::of),
                report.notes(),
                report.losses(),
                report.elapsed());
    }
}
