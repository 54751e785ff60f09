package io.espalier.training;

import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.run.NetworkCut;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Trains a graph. Used once; not thread-safe. */
final class Trainer implements AutoCloseable {

    private static final String SUBJECT = "training";
    private static final double NANOS = 1e9;

    private final Operators operators;
    private final TrainingData data;
    private final TrainingSettings settings;
    private final Optional<Distillation> distillation;
    private final GraphExecutor executor;
    private final TrainingWatch watch;
    private final RunContext context;
    private final Augmenter augmenter;
    private final Optional<Teacher> teacher;
    private final Batch example;
    private final Pace pace;
    private final Cuts cuts;
    private final OptionalInt rewind;
    private final Regularization regularization;
    private final ChangingNetwork network;
    private Optional<Beginning> beginning = Optional.empty();

    /**
     * Prepares the training of a graph in which no layers share constants by chance.
     *
     * @param distillation a model that this one is trained to agree with
     * @param course what happens on the way
     * @throws InvalidInputException when the loss does not fit the model or the data, or an operator has no gradient
     */
    Trainer(
            Graph model,
            Operators operators,
            TrainingData data,
            TrainingSettings settings,
            Optional<Distillation> distillation,
            Course course,
            GraphExecutor executor,
            TrainingWatch watch) {
        this.operators = operators;
        this.data = data;
        this.settings = settings;
        this.distillation = distillation;
        this.executor = executor;
        this.watch = watch;
        this.context = watch.context();
        this.augmenter = new Augmenter(settings.augmentation(), classes(model, operators));
        Batches first = data.epoch(settings.batch(), 0);
        this.example = first.get(0);
        this.pace = new Pace(settings.epochs(), first.count(), settings.accumulate());
        this.cuts = new Cuts(course.cuts(), pace.steps());
        this.rewind = course.rewind();
        requireBeginning();
        this.teacher = distillation.map(each -> Teacher.of(each, model, executor, settings.threads()));
        this.network = new ChangingNetwork(model, operators, settings, this::objective, executor);
        network.form().graph().objective().require(first);
        this.regularization = new Regularization(settings.regularizer(), cuts, pace, rewind.isPresent(), context);
        regularize(0);
    }

    /**
     * Lets a regularizer prepare for the next cut.
     *
     * @param from steps that are over
     */
    private void regularize(long from) {
        Optional<Regularization.Ahead> ahead = regularization.ahead(from, network.form(), operators);
        ahead.flatMap(Regularization.Ahead::compaction).ifPresent(network::compact);
        network.updates()
                .regularizedBy(ahead.map(
                        each -> regularization.begin(each, network.state().weights())));
    }

    private void requireBeginning() {
        if (rewind.isPresent() && cuts.isOpenBefore(pace.steps(rewind.getAsInt()))) {
            throw new InvalidInputException(
                    "Training cannot go back to epoch " + rewind.getAsInt()
                            + ", because the first cut is made before its end; let the schedule begin later, or go back further.");
        }
    }

    private static OptionalLong classes(Graph model, Operators operators) {
        return operators
                .infer(model)
                .shape(model.outputs().get(0))
                .filter(shape -> shape.size() == 2 && shape.get(1).isConstant())
                .map(shape -> OptionalLong.of(shape.get(1).constant()))
                .orElse(OptionalLong.empty());
    }

    private Objective objective(Graph model, Graph form) {
        Batch changed = augmenter.changed(example, context.random(SUBJECT, "example"));
        Objective own = Objective.of(form, operators, changed, settings.loss());
        return distillation
                .map(each -> own.with(
                        each, model.outputs(), operators, teacher.orElseThrow().taught(changed)))
                .orElse(own);
    }

    /** The weights of the network that are trained. */
    List<TrainableWeight> trainable() {
        return network.trainable();
    }

    /** The network that was trained, as the last cut has left it, with the weights that it had then. */
    Graph model() {
        return network.form().model();
    }

    /**
     * Trains for all epochs, or until the patience with them ends.
     *
     * @param checkpoint where it goes on, and what it writes after each epoch
     * @return what each epoch gave, those before the checkpoint included
     */
    List<EpochResult> run(Optional<Checkpoint> checkpoint) {
        List<EpochResult> results = new ArrayList<>();
        checkpoint.flatMap(Checkpoint::read).ifPresent(reached -> results.addAll(restore(reached)));
        while (goesOn()) {
            EpochResult result = epoch(network.state().epoch());
            // With a regularizer the last weights count: the best before may hold channels that it has not removed yet.
            network.state().endEpoch(regularization.isAtWork() ? Optional.empty() : result.validation());
            results.add(result);
            checkpoint.ifPresent(each -> each.write(content(results)));
            watch.heard(result, network.updates().steps());
        }
        return results;
    }

    private Checkpoint.Content content(List<EpochResult> results) {
        Map<String, Weights> numbers = network.withOptimizer(network.state().numbers());
        regularization.addTo(numbers);
        beginning.ifPresent(each -> numbers.putAll(each.named()));
        return new Checkpoint.Content(
                network.state().progress(), network.updates().steps(), results, cuts.made(), cuts.choices(), numbers);
    }

    /** Makes cuts between epochs; whether another epoch follows. */
    private boolean goesOn() {
        keepBeginning();
        boolean hasEnded =
                network.state().epoch() >= settings.epochs() || isOutOfPatience() && !cuts.isOpenBefore(pace.steps());
        long over = hasEnded ? pace.steps() : pace.steps(network.state().epoch());
        if (!hasEnded && network.state().epoch() > rewind.orElse(0)) {
            observe(over);
        }
        if (!cuts.isDue(over)) {
            return !hasEnded;
        }
        if (hasEnded) {
            network.state().settle();
        }
        if (rewind.isEmpty()) {
            cutWhatIsDue(over);
            return !hasEnded;
        }
        cut(over);
        goBack();
        return true;
    }

    private void observe(long over) {
        boolean settled = cuts.isSettled(network::now, isOutOfPatience(), over);
        if (settled && regularization.isPrepared(over)) {
            cuts.makeDue(over);
        }
    }

    private void keepBeginning() {
        if (beginning.isEmpty()
                && rewind.isPresent()
                && rewind.getAsInt() == network.state().epoch()) {
            beginning = Optional.of(
                    Beginning.of(network.withOptimizer(network.state().running())));
        }
    }

    private void goBack() {
        Map<String, Weights> numbers = beginning.orElseThrow().numbers();
        network.state().goBack(rewind.getAsInt(), numbers);
        network.setOptimizer(numbers);
        network.updates().clear();
        network.updates().continueAfter(pace.updates(goneBack()));
        regularize(goneBack());
    }

    /** Steps that are over where training goes back to. */
    private long goneBack() {
        return pace.steps(rewind.orElseThrow());
    }

    /**
     * Makes the cuts that are due.
     *
     * @param over steps that are over
     */
    private void cutWhatIsDue(long over) {
        if (cuts.isDue(over)) {
            while (cuts.isDue(over)) {
                cut(over);
            }
            regularize(over);
        }
    }

    private void cut(long over) {
        regularization.end();
        network.merge();
        goOnWith(cuts.next(network.now(), over));
    }

    private void goOnWith(NetworkCut cut) {
        network.cut(cut);
        beginning = beginning.map(each -> each.cut(cut, network.form()));
    }

    /**
     * The values of all constants that have changed, in single precision: those of the epoch that was best on validation data, where
     * there is any, else the last.
     */
    Map<String, Tensor> values() {
        return network.best();
    }

    private List<EpochResult> restore(Checkpoint.Content reached) {
        if (!reached.cuts().isEmpty()) {
            network.merge();
        }
        for (Cuts.Made made : reached.cuts()) {
            goOnWith(cuts.again(network.now(), made));
        }
        cuts.restore(reached.choices());
        cuts.last().ifPresent(made -> regularize(rewind.isPresent() ? goneBack() : made.at()));
        network.state().restore(reached.progress(), reached.numbers());
        network.setOptimizer(reached.numbers());
        regularization.restore(reached.numbers(), network.state().epoch());
        beginning = Beginning.in(reached.numbers());
        network.updates().continueAfter(reached.steps());
        return reached.epochs();
    }

    /** The epoch whose weights are taken, from 1. */
    int bestEpoch() {
        return network.state().bestEpoch();
    }

    /** Counted from the last cut: the network before it was another. */
    private boolean isOutOfPatience() {
        return settings.patience() > 0 && network.state().epochsInVain() >= settings.patience();
    }

    private EpochResult epoch(int epoch) {
        long start = System.nanoTime();
        Batches batches = data.epoch(
                settings.batch(), context.random(SUBJECT, "order " + epoch).nextLong());
        network.updates().clear();
        double loss = 0;
        double rate = 0;
        try (Judgement judgement =
                new Judgement(settings.augmentation().mixes() ? Optional.empty() : data.metric(), context)) {
            for (int batch = 0; batch < pace.batches(); batch++) {
                context.checkCancelled();
                progress(epoch, batch, loss);
                long step = pace.steps(epoch) + batch;
                if (rewind.isEmpty()) {
                    cutWhatIsDue(step);
                }
                rate = settings.schedule().rate(settings.highestRate(), step, pace.steps());
                loss += step(batches.get(batch), step, rate, judgement);
            }
            progress(epoch, pace.batches(), loss);
            regularization.endEpoch(epoch + 1);
            return new EpochResult(
                    epoch + 1,
                    settings.epochs(),
                    loss / pace.batches(),
                    judgement.evaluation(),
                    validation(),
                    rate,
                    (System.nanoTime() - start) / NANOS);
        }
    }

    private void progress(int epoch, int batch, double loss) {
        String phase = batch == 0
                ? SUBJECT
                : String.format(Locale.ROOT, "%s, epoch %d, loss %.4f:", SUBJECT, epoch + 1, loss / batch);
        context.progress(phase, pace.steps(epoch) + batch, pace.steps());
    }

    private double step(Batch given, long number, double rate, Judgement judgement) {
        Batch batch = augmenter.changed(given, context.random(SUBJECT, "images " + number));
        Map<String, Tensor> results = network.form()
                .step(
                        batch,
                        teacher.map(each -> each.taught(batch)),
                        network.state().read(),
                        mask -> context.random(SUBJECT, mask + " " + number));
        StepGraph graph = network.form().graph();
        double loss = Tensors.toDoubles(results.get(graph.objective().loss()))[0];
        requireFinite(loss, number);
        watch.losses().take(network.updates().steps(), (int) (number / pace.batches()) + 1, loss);
        graph.gradients().forEach((name, output) -> network.updates().add(name, results.get(output)));
        graph.statistics()
                .forEach((name, output) -> network.state().statistics().set(name, results.get(output)));
        judgement.add(batch, outputs(results));
        if (network.updates().endBatch(rate)) {
            network.state().takeIn(settings.average(), network.updates().steps());
        }
        return loss;
    }

    private Map<String, Tensor> outputs(Map<String, Tensor> results) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        model().outputs().forEach(name -> outputs.put(name, results.get(name)));
        return outputs;
    }

    private void requireFinite(double loss, long step) {
        if (!Double.isFinite(loss)) {
            throw new InvalidInputException("The loss is " + loss + " in epoch " + (step / pace.batches() + 1)
                    + ": the training diverges; give a smaller learning rate, or limit the gradient with --clip 1.");
        }
    }

    private Optional<Evaluation> validation() {
        if (data.validation().isEmpty() || data.metric().isEmpty()) {
            return Optional.empty();
        }
        Graph trained = network.result();
        try (Runner evaluated =
                executor.prepare(trained, Settings.of(Purpose.EVALUATION).withThreads(settings.threads()))) {
            return Optional.of(Evaluation.measure(
                    evaluated,
                    data.validation().get().with(Evaluation.BATCHES),
                    data.metric().get(),
                    "validating",
                    context));
        }
    }

    @Override
    public void close() {
        network.close();
        teacher.ifPresent(Teacher::close);
    }
}
