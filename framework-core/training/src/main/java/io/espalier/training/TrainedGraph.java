package io.espalier.training;

import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What training makes of a graph.
 *
 * @param edits give the file the trained weights, and make the cuts
 * @param weights the weights that were trained
 * @param epochs what each epoch gave, in order
 * @param notes what is worth knowing of it, in sentences
 */
record TrainedGraph(List<Edit> edits, List<TrainableWeight> weights, List<EpochResult> epochs, List<String> notes) {

    TrainedGraph {
        edits = List.copyOf(edits);
        weights = List.copyOf(weights);
        epochs = List.copyOf(epochs);
        notes = List.copyOf(notes);
    }

    /**
     * Trains.
     *
     * @param distillation a model that this one is trained to agree with
     * @param course what happens to the graph on the way
     * @param checkpoint where it goes on, and what it writes after each epoch
     * @throws InvalidInputException when the loss does not fit the model or the data, an operator has no gradient, or the training
     *     diverges
     */
    static TrainedGraph of(
            Graph graph,
            Operators operators,
            TrainingData data,
            TrainingSettings settings,
            Optional<Distillation> distillation,
            Course course,
            Optional<Checkpoint> checkpoint,
            GraphExecutor executor,
            TrainingWatch watch) {
        List<Edit> edits = new ArrayList<>(OwnConstants.edits(graph, operators));
        Graph own = GraphEdits.apply(graph, edits);
        try (Trainer trainer = new Trainer(own, operators, data, settings, distillation, course, executor, watch)) {
            List<EpochResult> epochs = trainer.run(checkpoint);
            edits.addAll(course.cuts().edits());
            ConstantTypes.like(trainer.model(), trainer.values())
                    .forEach((name, value) -> edits.add(new Edit.SetConstant(name, value)));
            return new TrainedGraph(
                    edits,
                    trainer.trainable(),
                    epochs,
                    notes(trainer, epochs.get(epochs.size() - 1).number(), data, settings));
        }
    }

    /** What is worth knowing of it, in sentences. */
    private static List<String> notes(Trainer trainer, int epochs, TrainingData data, TrainingSettings settings) {
        List<String> notes = new ArrayList<>();
        if (trainer.bestEpoch() < epochs) {
            notes.add("The weights are those after epoch " + trainer.bestEpoch()
                    + ", which was the best on the validation examples.");
        }
        if (data.examples().examples() < settings.batch()) {
            notes.add("The training data holds " + data.examples().examples() + " examples, fewer than a batch of "
                    + settings.batch() + ", so each step sees all of them.");
        }
        return notes;
    }
}
