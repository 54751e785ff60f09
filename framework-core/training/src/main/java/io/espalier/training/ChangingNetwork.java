package io.espalier.training;

import io.espalier.engine.run.NetworkCut;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A network whose structure changes while it is trained, by cuts and by compactors, with everything that belongs to its weights: their
 * numbers, averages and what the optimizer keeps change with it. Not thread-safe.
 */
final class ChangingNetwork implements AutoCloseable {

    private final Operators operators;
    private final TrainingSettings settings;
    private final GraphExecutor executor;
    private final BiFunction<Graph, Graph, Objective> objective;
    private Optional<Compaction> compaction = Optional.empty();
    private TrainingNetwork form;
    private TrainingState state;
    private Updates updates;

    /**
     * A network before its training.
     *
     * @param objective what is minimised, for a model and the form in which it is trained
     */
    ChangingNetwork(
            Graph model,
            Operators operators,
            TrainingSettings settings,
            BiFunction<Graph, Graph, Objective> objective,
            GraphExecutor executor) {
        this.operators = operators;
        this.settings = settings;
        this.objective = objective;
        this.executor = executor;
        this.form = prepared(model);
        this.state = new TrainingState(
                Weights.of(model, form.weights()), Weights.of(model, form.statistics()), settings.average() > 0);
        this.updates = new Updates(settings, form.trainable(), state.weights());
    }

    private TrainingNetwork prepared(Graph model) {
        return TrainingNetwork.of(
                model, compaction, operators, settings, form -> objective.apply(model, form), executor);
    }

    /** The form in which it is trained now. */
    TrainingNetwork form() {
        return form;
    }

    /** Its numbers. */
    TrainingState state() {
        return state;
    }

    /** What changes its weights. */
    Updates updates() {
        return updates;
    }

    /** The weights of the network that are trained, without compactors. */
    List<TrainableWeight> trainable() {
        return form.trainable().stream()
                .filter(weight ->
                        compaction.filter(each -> each.has(weight.name())).isEmpty())
                .toList();
    }

    /** Trains it with compactors from now on. */
    void compact(Compaction with) {
        Graph model = form.model();
        form.close();
        compaction = Optional.of(with);
        form = prepared(model);
        state = state.compacted(with);
        renew(form.trainable());
    }

    /** What compactors have learned goes into the weights. */
    void merge() {
        if (compaction.isPresent()) {
            List<TrainableWeight> own = trainable();
            state = state.merged(compaction.get());
            compaction = Optional.empty();
            renew(own);
        }
    }

    /** What an optimizer keeps of weights means nothing once they are written in another way. */
    private void renew(List<TrainableWeight> trainable) {
        Updates anew = new Updates(settings, trainable, state.weights());
        anew.continueAfter(updates.steps());
        updates = anew;
    }

    /** Goes on with what a cut leaves. */
    void cut(NetworkCut cut) {
        TrainingNetwork left = prepared(cut.network());
        form.close();
        form = left;
        requireTrained(cut.repaired());
        state = state.cut(cut, form);
        updates = updates.cut(cut, form.trainable(), state.weights());
    }

    private void requireTrained(List<String> repaired) {
        List<String> others = new ArrayList<>(repaired);
        others.removeAll(form.weights());
        others.removeAll(form.statistics());
        if (!others.isEmpty()) {
            throw new InvalidInputException("The repair after a cut changes '" + others.get(0)
                    + "', which is not trained; train all weights, or leave the repair out.");
        }
    }

    /** The model with its numbers as they are now. */
    Graph now() {
        return with(state.read());
    }

    /** The model with the numbers that training gives, averages where it averages. */
    Graph result() {
        return with(state.values());
    }

    private Graph with(Map<String, Tensor> numbers) {
        List<Edit> edits = new ArrayList<>();
        ConstantTypes.like(form.model(), merged(numbers))
                .forEach((name, value) -> edits.add(new Edit.SetConstant(name, value)));
        return GraphEdits.apply(form.model(), edits);
    }

    /** The numbers of the best epoch, in single precision. */
    Map<String, Tensor> best() {
        return merged(state.best());
    }

    private Map<String, Tensor> merged(Map<String, Tensor> numbers) {
        return compaction.map(each -> each.merged(numbers)).orElse(numbers);
    }

    /** Some numbers of the state, with what the optimizer keeps of each weight. */
    Map<String, Weights> withOptimizer(Map<String, Weights> own) {
        Map<String, Weights> numbers = new LinkedHashMap<>(own);
        updates.state().forEach((name, kept) -> numbers.put("optimizer " + name, kept));
        return numbers;
    }

    /** Puts back what the optimizer kept of each weight. */
    void setOptimizer(Map<String, Weights> from) {
        withOptimizer(Map.of()).forEach((name, kept) -> kept.set(from.get(name)));
    }

    @Override
    public void close() {
        form.close();
    }
}
