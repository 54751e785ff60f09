package io.espalier.training;

import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.guard.MetricGuard;
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
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Trains a graph. Used once; not thread-safe. */
final class Trainer implements AutoCloseable {

    private static final String SUBJECT = "training";
    private static final double NANOS = 1e9;

    private final Graph model;
    private final TrainingData data;
    private final TrainingSettings settings;
    private final GraphExecutor executor;
    private final RunContext context;
    private final List<TrainableWeight> trainable;
    private final StepGraph graph;
    private final Weights weights;
    private final Weights statistics;
    private final Optional<Weights> average;
    private final Updates updates;
    private final Runner runner;
    private final int batchesOfEpoch;

    /**
     * Prepares the training of a graph in which no layers share constants by chance.
     *
     * @throws InvalidInputException when the loss does not fit the model or the data, or an operator has no gradient
     */
    Trainer(
            Graph model,
            Operators operators,
            TrainingData data,
            TrainingSettings settings,
            GraphExecutor executor,
            RunContext context) {
        this.model = model;
        this.data = data;
        this.settings = settings;
        this.executor = executor;
        this.context = context;
        this.trainable = TrainableWeights.of(model, operators, settings.trainable());
        Batches first = data.epoch(settings.batch(), 0);
        this.batchesOfEpoch = first.count();
        List<String> names = trainable.stream().map(TrainableWeight::name).toList();
        this.graph = StepGraph.of(model, operators, first.get(0), settings.loss(), names);
        graph.loss().require(first);
        this.weights = Weights.of(model, names);
        this.statistics = Weights.of(model, graph.statistics().keySet());
        this.average = settings.average() > 0 ? Optional.of(weights.copy()) : Optional.empty();
        this.updates = new Updates(settings, trainable, weights);
        this.runner =
                executor.prepare(graph.graph(), Settings.of(Purpose.TRAINING).withThreads(settings.threads()));
    }

    /** The weights that are trained. */
    List<TrainableWeight> trainable() {
        return trainable;
    }

    /**
     * Trains for all epochs.
     *
     * @param listener hears of each epoch when it has ended
     * @return the values of all constants that have changed, in single precision
     */
    Map<String, Tensor> run(Consumer<EpochResult> listener) {
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            listener.accept(epoch(epoch));
        }
        return values();
    }

    private EpochResult epoch(int epoch) {
        long start = System.nanoTime();
        Batches batches = data.epoch(
                settings.batch(), context.random(SUBJECT, "order " + epoch).nextLong());
        updates.clear();
        double loss = 0;
        double rate = 0;
        try (Training measured = new Training(data.metric())) {
            for (int batch = 0; batch < batchesOfEpoch; batch++) {
                context.checkCancelled();
                progress(epoch, batch, loss);
                rate = settings.schedule().rate(settings.highestRate(), (long) epoch * batchesOfEpoch + batch, steps());
                loss += step(batches.get(batch), rate, measured, epoch);
            }
            progress(epoch, batchesOfEpoch, loss);
            return new EpochResult(
                    epoch + 1,
                    settings.epochs(),
                    loss / batchesOfEpoch,
                    measured.evaluation(),
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
                ? "training"
                : String.format(Locale.ROOT, "training, epoch %d, loss %.4f:", epoch + 1, loss / batch);
        context.progress(phase, (long) epoch * batchesOfEpoch + batch, steps());
    }

    private double step(Batch batch, double rate, Training measured, int epoch) {
        Map<String, Tensor> all = graph.loss().inputs(batch);
        all.putAll(weights.tensors());
        all.putAll(statistics.tensors());
        Map<String, Tensor> fed = new LinkedHashMap<>();
        runner.inputs().forEach(name -> fed.put(name, all.get(name)));
        Map<String, Tensor> results = runner.run(fed);
        double loss = Tensors.toDoubles(results.get(graph.loss().loss()))[0];
        requireFinite(loss, epoch);
        graph.gradients().forEach((name, output) -> updates.add(name, ArrayTensor.read(results.get(output))));
        graph.statistics().forEach((name, output) -> {
            float[] next = ArrayTensor.read(results.get(output));
            System.arraycopy(next, 0, statistics.get(name), 0, next.length);
        });
        measured.add(batch, outputs(results));
        if (updates.endBatch(rate)) {
            average.ifPresent(this::takeIn);
        }
        return loss;
    }

    private Map<String, Tensor> outputs(Map<String, Tensor> results) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        model.outputs().forEach(name -> outputs.put(name, results.get(name)));
        return outputs;
    }

    private static void requireFinite(double loss, int epoch) {
        if (!Double.isFinite(loss)) {
            throw new InvalidInputException("The loss is " + loss + " in epoch " + (epoch + 1)
                    + ": the training diverges; give a smaller learning rate, or limit the gradient with --clip 1.");
        }
    }

    /** Averaged weights follow the weights; at first faster, so that where they began is soon forgotten. */
    private void takeIn(Weights averaged) {
        long step = updates.steps();
        float kept = (float) Math.min(settings.average(), (1.0 + step) / (10.0 + step));
        for (String name : weights.names()) {
            float[] mean = averaged.get(name);
            float[] now = weights.get(name);
            for (int i = 0; i < mean.length; i++) {
                mean[i] = kept * mean[i] + (1 - kept) * now[i];
            }
        }
    }

    private Map<String, Tensor> values() {
        Map<String, Tensor> values = average.orElse(weights).copy().tensors();
        values.putAll(statistics.copy().tensors());
        return values;
    }

    private Optional<Evaluation> validation() {
        if (data.validation().isEmpty() || data.metric().isEmpty()) {
            return Optional.empty();
        }
        Graph trained = model.withConstants(ConstantTypes.like(model, values()));
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

    /** Judges what the model computes while it is trained. */
    private final class Training implements AutoCloseable {

        private final Optional<ChosenMetric> metric;
        private final Optional<Measurement> measurement;
        private long examples;

        Training(Optional<ChosenMetric> metric) {
            this.metric = metric;
            this.measurement = metric.map(chosen -> new MetricGuard(chosen.metric()).start(chosen.options(), context));
        }

        void add(Batch batch, Map<String, Tensor> outputs) {
            measurement.ifPresent(each -> each.add(batch, Evaluation.withoutPadding(outputs, batch)));
            examples += batch.size();
        }

        Optional<Evaluation> evaluation() {
            return measurement.map(each -> {
                ChosenMetric chosen = metric.orElseThrow();
                return new Evaluation(
                        chosen.label(),
                        chosen.metric().unit(),
                        chosen.metric().higherIsBetter(chosen.options()),
                        each.value(),
                        examples);
            });
        }

        @Override
        public void close() {
            measurement.ifPresent(Measurement::close);
        }
    }

    @Override
    public void close() {
        runner.close();
    }
}
