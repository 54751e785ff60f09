package io.espalier.engine.run;

import io.espalier.engine.plan.Plan.Recovery.Training;
import io.espalier.events.Events;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Trains what was pruned, after the proof and the repair, or prunes while it trains. */
public interface FineTuning {

    /**
     * What is trained, and with what.
     *
     * @param original the model before the cut
     * @param pruned the model after the cut and the repair
     * @param events takes losses
     * @param cutting what is cut on the way; empty when the model keeps its widths
     * @param keeping where it goes on after an interruption; empty when it begins again
     */
    record Task(
            Graph original,
            Graph pruned,
            Operators operators,
            GraphExecutor executor,
            Events events,
            RunContext context,
            Optional<Cutting> cutting,
            Optional<Keeping> keeping) {}

    /**
     * Cuts while a model is trained.
     *
     * @param cuts makes them
     * @param rewind the epoch that training goes back to after each cut, 0 for its beginning; empty when it goes on
     */
    record Cutting(NetworkCuts cuts, OptionalInt rewind) {}

    /**
     * Keeps a training that may be interrupted.
     *
     * @param checkpoint the file that it goes on from, where that is asked for
     * @param identity what decides its beginning and its cuts, in text: another training does not go on from the checkpoint
     */
    record Keeping(Path checkpoint, String identity) {}

    /**
     * What training made of it.
     *
     * @param edits make the trained model of the one that was given
     * @param summary how it was trained
     * @param losses the mean loss of each epoch
     * @param notes sentences for people
     */
    record Trained(List<Edit> edits, Training summary, List<Double> losses, List<String> notes) {
        public Trained {
            edits = List.copyOf(edits);
            losses = List.copyOf(losses);
            notes = List.copyOf(notes);
        }
    }

    /** What decides how it trains and on what, in text: equal texts, equal results. */
    String identity();

    /**
     * What is read.
     *
     * @param examples what the model is trained on
     * @param heldBack what decides which epoch is kept; no example of it is trained on
     */
    record Read(Batches examples, Optional<Batches> heldBack) {}

    /**
     * Looks at the data before anything is done.
     *
     * @throws InvalidInputException when it does not fit the model
     */
    Read check(Graph original, RunContext context);

    /**
     * Trains.
     *
     * @throws InvalidInputException when the model cannot be trained, or the training diverges
     */
    Trained train(Task task);
}
