package io.espalier.training;

import io.espalier.engine.evaluate.Evaluation;
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
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Trains a graph. Used once; not thread-safe. */
final class Trainer implements AutoCloseable {

    private static final String SUBJECT = "training";
    private static final double NANOS = 1e9;

    private final Graph model;
    private final TrainingData data;
    private final TrainingSettings settings;
    private final GraphExecutor executor;
    private final TrainingWatch watch;
    private final RunContext context;
    private final List<TrainableWeight> trainable;
    private final Augmenter augmenter;
    private final Optional<Teacher> teacher;
    private final StepGraph graph;
    private final TrainingState state;
    private final Updates updates;
    private final Runner runner;
    private final int batchesOfEpoch;

    /**
     * Prepares the training of a graph in which no layers share constants by chance.
     *
     * @param distillation a model that this one is trained to agree with
     * @throws InvalidInputException when the loss does not fit the model or the data, or an operator has no gradient
     */
    Trainer(
            Graph model,
            Operators operators,
            TrainingData data,
            TrainingSettings settings,
            Optional<Distillation> distillation,
            GraphExecutor executor,
            TrainingWatch watch) {
        this.model = model;
        this.data = data;
        this.settings = settings;
        this.executor = executor;
        this.watch = watch;
        this.context = watch.context();
        this.trainable = TrainableWeights.of(model, operators, settings.trainable());
        this.augmenter = new Augmenter(settings.augmentation(), classes(model, operators));
        Batches first = data.epoch(settings.batch(), 0);
        this.batchesOfEpoch = first.count();
        List<String> names = trainable.stream().map(TrainableWeight::name).toList();
        this.teacher = distillation.map(each -> Teacher.of(each, model, executor, settings.threads()));
        this.graph =
                StepGraph.of(model, operators, names, form -> objective(form, operators, first.get(0), distillation));
        graph.objective().require(first);
        this.state = new TrainingState(
                Weights.of(model, names), Weights.of(model, graph.statistics().keySet()), settings.average() > 0);
        this.updates = new Updates(settings, trainable, state.weights());
        this.runner =
                executor.prepare(graph.graph(), Settings.of(Purpose.TRAINING).withThreads(settings.threads()));
    }

    private static OptionalLong classes(Graph model, Operators operators) {
        return operators
                .infer(model)
                .shape(model.outputs().get(0))
                .filter(shape -> shape.size() == 2 && shape.get(1).isConstant())
                .map(shape -> OptionalLong.of(shape.get(1).constant()))
                .orElse(OptionalLong.empty());
    }

    private Objective objective(Graph form, Operators operators, Batch example, Optional<Distillation> distillation) {
        Batch changed = augmenter.changed(example, context.random(SUBJECT, "example"));
        Objective own = Objective.of(form, operators, changed, settings.loss());
        return distillation
                .map(each -> own.with(
                        each, model.outputs(), operators, teacher.orElseThrow().taught(changed)))
                .orElse(own);
    }

    /** The weights that are trained. */
    List<TrainableWeight> trainable() {
        return trainable;
    }

    /**
     * Trains for all epochs, or until the patience with them ends.
     *
     * @param checkpoint where it goes on, and what it writes after each epoch
     * @return what each epoch gave, those before the checkpoint included
     */
    List<EpochResult> run(Optional<Checkpoint> checkpoint) {
        List<EpochResult> results = new ArrayList<>();
        checkpoint.flatMap(each -> each.read(likeNumbers())).ifPresent(reached -> results.addAll(restore(reached)));
        while (state.epoch() < settings.epochs() && !isOutOfPatience()) {
            EpochResult result = epoch(state.epoch());
            state.endEpoch(result.validation());
            results.add(result);
            checkpoint.ifPresent(each -> each.write(
                    new Checkpoint.Content(state.progress(), updates.steps(), results, numbers(state.numbers()))));
            watch.epochs().accept(result);
        }
        return results;
    }

    /**
     * The values of all constants that have changed, in single precision: those of the epoch that was best on validation data, where
     * there is any, else the last.
     */
    Map<String, Tensor> values() {
        return state.best();
    }

    /** With what the optimizer keeps of each weight. */
    private Map<String, Weights> numbers(Map<String, Weights> own) {
        Map<String, Weights> numbers = new LinkedHashMap<>(own);
        updates.state().forEach((name, kept) -> numbers.put("optimizer " + name, kept));
        return numbers;
    }

    private Map<String, Weights> likeNumbers() {
        return numbers(state.likeNumbers());
    }

    private List<EpochResult> restore(Checkpoint.Content reached) {
        state.restore(reached.progress(), reached.numbers());
        numbers(Map.of()).forEach((name, kept) -> kept.set(reached.numbers().get(name)));
        updates.continueAfter(reached.steps());
        return reached.epochs();
    }

    /** The epoch whose weights are taken, from 1. */
    int bestEpoch() {
        return state.bestEpoch();
    }

    private boolean isOutOfPatience() {
        return settings.patience() > 0 && state.epoch() - state.bestEpoch() >= settings.patience();
    }

    private EpochResult epoch(int epoch) {
        long start = System.nanoTime();
        Batches batches = data.epoch(
                settings.batch(), context.random(SUBJECT, "order " + epoch).nextLong());
        updates.clear();
        double loss = 0;
        double rate = 0;
        try (Judgement judgement =
                new Judgement(settings.augmentation().mixes() ? Optional.empty() : data.metric(), context)) {
            for (int batch = 0; batch < batchesOfEpoch; batch++) {
                context.checkCancelled();
                progress(epoch, batch, loss);
                long step = (long) epoch * batchesOfEpoch + batch;
                rate = settings.schedule().rate(settings.highestRate(), step, steps());
                loss += step(batches.get(batch), step, rate, judgement);
            }
            progress(epoch, batchesOfEpoch, loss);
            return new EpochResult(
                    epoch + 1,
                    settings.epochs(),
                    loss / batchesOfEpoch,
                    judgement.evaluation(),
                    validation(),
                    rate,
                    (System.nanoTime() - start) / NANOS);
        }
    }

    private long steps() {
        return (long) settings.epochs() * batchesOfEpoch;
    }

    private void progress(int epoch, int batch, double loss) {
        String phase = batch == 0
                ? SUBJECT
                : String.format(Locale.ROOT, "%s, epoch %d, loss %.4f:", SUBJECT, epoch + 1, loss / batch);
        context.progress(phase, (long) epoch * batchesOfEpoch + batch, steps());
    }

    private double step(Batch given, long number, double rate, Judgement judgement) {
        Batch batch = augmenter.changed(given, context.random(SUBJECT, "images " + number));
        Map<String, Tensor> all = graph.objective().inputs(batch, teacher.map(each -> each.taught(batch)));
        graph.masks()
                .forEach((mask, share) -> all.put(
                        mask,
                        Masks.of(
                                graph.graph().inputs().get(mask),
                                batch.inputs(),
                                share,
                                context.random(SUBJECT, mask + " " + number))));
        all.putAll(state.weights().tensors());
        all.putAll(state.statistics().tensors());
        Map<String, Tensor> fed = new LinkedHashMap<>();
        runner.inputs().forEach(name -> fed.put(name, inSinglePrecision(all.get(name))));
        Map<String, Tensor> results = runner.run(fed);
        double loss = Tensors.toDoubles(results.get(graph.objective().loss()))[0];
        requireFinite(loss, number);
        watch.losses().take(updates.steps(), (int) (number / batchesOfEpoch) + 1, loss);
        graph.gradients().forEach((name, output) -> updates.add(name, ArrayTensor.read(results.get(output))));
        graph.statistics().forEach((name, output) -> state.statistics().set(name, results.get(output)));
        judgement.add(batch, outputs(results));
        if (updates.endBatch(rate)) {
            state.takeIn(settings.average(), updates.steps());
        }
        return loss;
    }

    private static Tensor inSinglePrecision(Tensor tensor) {
        return tensor.type().isFloating() ? Tensors.converted(tensor, DataType.FLOAT32) : tensor;
    }

    private Map<String, Tensor> outputs(Map<String, Tensor> results) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        model.outputs().forEach(name -> outputs.put(name, results.get(name)));
        return outputs;
    }

    private void requireFinite(double loss, long step) {
        if (!Double.isFinite(loss)) {
            throw new InvalidInputException("The loss is " + loss + " in epoch " + (step / batchesOfEpoch + 1)
                    + ": the training diverges; give a smaller learning rate, or limit the gradient with --clip 1.");
        }
    }

    private Optional<Evaluation> validation() {
        if (data.validation().isEmpty() || data.metric().isEmpty()) {
            return Optional.empty();
        }
        Graph trained = model.withConstants(ConstantTypes.like(model, state.values()));
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
        runner.close();
        teacher.ifPresent(Teacher::close);
    }
}
