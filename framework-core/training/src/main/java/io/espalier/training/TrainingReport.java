package io.espalier.training;

import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.run.Outputs;
import io.espalier.events.EventLoss;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a finished run that trains has to say.
 *
 * @param runId identifies the run
 * @param tool name and version of the program
 * @param input the model that was given
 * @param files what was written
 * @param weights the weights that were trained
 * @param epochs what each epoch gave, in order
 * @param before what the metric says of the file that was given; empty without data to measure
 * @param after what it says of the file that was written
 * @param notes sentences for people
 * @param losses events that did not arrive
 * @param elapsed how long the run took
 */
public record TrainingReport(
        String runId,
        String tool,
        Path input,
        Outputs files,
        List<TrainableWeight> weights,
        List<EpochResult> epochs,
        Optional<Evaluation> before,
        Optional<Evaluation> after,
        List<String> notes,
        List<EventLoss> losses,
        Duration elapsed) {

    public TrainingReport {
        weights = List.copyOf(weights);
        epochs = List.copyOf(epochs);
        notes = List.copyOf(notes);
        losses = List.copyOf(losses);
    }
}
