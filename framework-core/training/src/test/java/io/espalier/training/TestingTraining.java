package io.espalier.training;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.run.NetworkCuts;
import io.espalier.events.Events;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.losses.CrossEntropyLoss;
import io.espalier.plugin.losses.DistillationLoss;
import io.espalier.plugin.metrics.Top1Metric;
import io.espalier.plugin.optimizers.SgdOptimizer;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Training in tests: settings that are changed one by one, and data of blobs. */
final class TestingTraining {

    static final GraphExecutor EXECUTOR = new OnnxExecutor();

    private int epochs = 1;
    private int batch = 8;
    private Optimizer optimizer = new SgdOptimizer();
    private Map<String, String> options = Map.of();
    private double rate = 0.05;
    private String schedule = "constant";
    private double decay;
    private double clip;
    private int accumulate = 1;
    private double average;
    private Augmentation augmentation = Augmentation.NONE;
    private int patience;
    private List<String> trainable = List.of();
    private Optional<Distillation> distillation = Optional.empty();
    private NetworkCuts cuts = NetworkCuts.NONE;
    private OptionalInt rewind = OptionalInt.empty();
    private Optional<ChosenRegularizer> regularizer = Optional.empty();
    private int killedAt;
    private BooleanSupplier stops = () -> false;

    /** Examples at hand. */
    record Examples(long size, Map<String, Tensor> arrays) implements Dataset {}

    TestingTraining epochs(int number) {
        epochs = number;
        return this;
    }

    TestingTraining batch(int size) {
        batch = size;
        return this;
    }

    TestingTraining optimizer(Optimizer other, Map<String, String> typed) {
        optimizer = other;
        options = typed;
        return this;
    }

    TestingTraining rate(double other) {
        rate = other;
        return this;
    }

    TestingTraining decay(double other) {
        decay = other;
        return this;
    }

    TestingTraining clip(double length) {
        clip = length;
        return this;
    }

    TestingTraining accumulate(int batches) {
        accumulate = batches;
        return this;
    }

    TestingTraining average(double kept) {
        average = kept;
        return this;
    }

    TestingTraining schedule(String other) {
        schedule = other;
        return this;
    }

    TestingTraining augmentation(Map<String, String> typed) {
        augmentation = Augmentation.of(typed);
        return this;
    }

    TestingTraining patience(int number) {
        patience = number;
        return this;
    }

    /** Teaches with a model. */
    TestingTraining teacher(Graph graph, double share) {
        Loss loss = new DistillationLoss();
        Options typed = Options.resolve("loss", loss.options(), Map.of("labels", Distillation.LABELS));
        distillation = Optional.of(new Distillation(graph, new ChosenLoss(loss, typed), share));
        return this;
    }

    TestingTraining cuts(NetworkCuts schedule) {
        cuts = schedule;
        return this;
    }

    TestingTraining rewind(int epoch) {
        rewind = OptionalInt.of(epoch);
        return this;
    }

    TestingTraining regularizer(Regularizer other, String target, Map<String, String> typed) {
        Options resolved = Options.resolve("regularizer", other.options(), typed);
        regularizer = Optional.of(new ChosenRegularizer(other, resolved, Target.parse(target)));
        return this;
    }

    /** Kills training after an epoch. */
    TestingTraining stopping(BooleanSupplier when) {
        stops = when;
        return this;
    }

    TestingTraining trainable(String... patterns) {
        trainable = List.of(patterns);
        return this;
    }

    TrainingSettings settings() {
        Loss loss = new CrossEntropyLoss();
        return new TrainingSettings(
                epochs,
                batch,
                new ChosenLoss(loss, Options.resolve("loss", loss.options(), Map.of())),
                new ChosenOptimizer(optimizer, Options.resolve("optimizer", optimizer.options(), options)),
                OptionalDouble.of(rate),
                RateSchedule.of(schedule, Map.of()),
                decay,
                clip,
                accumulate,
                average,
                augmentation,
                patience,
                trainable,
                5,
                1,
                regularizer);
    }

    Trainer trainer(Graph graph, Dataset data) {
        Batches examples = Batches.of(graph, data, BatchOptions.of(16), new TestingRunContext(1));
        MetricChoice metrics = new MetricChoice(Optional.empty(), List.of(new Top1Metric()));
        return new Trainer(
                graph,
                Operators.standard(),
                TrainingData.of(examples, Optional.of(examples), metrics),
                settings(),
                distillation,
                new Course(cuts, rewind),
                EXECUTOR,
                new TrainingWatch(new TestingRunContext(1), new LossEvents(Events.silent()), this::heard));
    }

    private void heard(EpochResult epoch) {
        if (epoch.number() == killedAt || stops.getAsBoolean()) {
            throw new CancellationException("killed");
        }
    }

    /** What training makes of a graph. */
    Map<String, Tensor> trained(Graph graph, Dataset data) {
        try (Trainer trainer = trainer(graph, data)) {
            trainer.run(Optional.empty());
            return trainer.values();
        }
    }

    /** What each epoch gives. */
    List<EpochResult> epochs(Graph graph, Dataset data) {
        try (Trainer trainer = trainer(graph, data)) {
            return trainer.run(Optional.empty());
        }
    }

    /** The same training, which is killed when it tells of an epoch, from 1; 0 for never. */
    Map<String, Tensor> killed(int at, Checkpoint checkpoint, Graph graph, Dataset data) {
        killedAt = at;
        try (Trainer trainer = trainer(graph, data)) {
            trainer.run(Optional.of(checkpoint));
            return trainer.values();
        }
    }

    /** Vectors or images whose class is told by their mean, with noise. */
    static Examples blobs(long seed, int size, int classes, long... row) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> shape = new ArrayList<>(List.of((long) size));
        int width = 1;
        for (long extent : row) {
            shape.add(extent);
            width *= (int) extent;
        }
        float[] elements = new float[size * width];
        long[] labels = new long[size];
        for (int i = 0; i < size; i++) {
            labels[i] = i % classes;
            for (int j = 0; j < width; j++) {
                double mean = j % classes == labels[i] ? 1.5 : 0;
                elements[i * width + j] = (float) (mean + random.nextDouble(-1, 1));
            }
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("x", Tensors.floats(shape, elements));
        arrays.put("label", Tensors.vector(labels));
        return new Examples(size, arrays);
    }
}
