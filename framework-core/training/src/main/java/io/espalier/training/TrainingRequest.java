package io.espalier.training;

import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.spi.data.Dataset;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Everything a run that trains needs to know.
 *
 * @param input the model and what opens it
 * @param examples what it is trained on
 * @param validation what measures it after each epoch; no example of it is trained on
 * @param measured what measures the file before and after, in its own runtime
 * @param metric what is measured
 * @param settings how it is trained
 * @param teacher a model that this one is trained to agree with
 * @param output the file to write
 * @param resumes whether training goes on from the checkpoint beside the output, where there is one
 * @param trail who receives the events of the run
 */
public record TrainingRequest(
        Input input,
        Dataset examples,
        Optional<Dataset> validation,
        Optional<Dataset> measured,
        MetricChoice metric,
        TrainingSettings settings,
        Optional<Distilling> teacher,
        Path output,
        boolean resumes,
        Trail trail) {

    /**
     * A model file that teaches.
     *
     * @param teacher the file and what opens it
     * @param loss how far outputs are from those of the teacher
     * @param share how much that loss counts, from 0 to 1
     */
    public record Distilling(Input teacher, ChosenLoss loss, double share) {

        /** What decides what it teaches, but for the content of the file. */
        String text() {
            return teacher.file() + ", " + loss.loss().name() + " "
                    + loss.options().asMap() + ", " + share;
        }
    }
}
