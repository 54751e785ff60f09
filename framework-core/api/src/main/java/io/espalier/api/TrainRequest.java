package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.api.Recipe.Choice;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.open.GivenInputs;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.run.SeededContext;
import io.espalier.events.EventSink;
import io.espalier.spi.Stability;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.loss.NamedLoss;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.optimizer.Optimizer;
import io.espalier.training.Augmentation;
import io.espalier.training.ChosenOptimizer;
import io.espalier.training.Distillation;
import io.espalier.training.RateSchedule;
import io.espalier.training.TrainingRequest;
import io.espalier.training.TrainingRun;
import io.espalier.training.TrainingSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Asks for a trained model. Immutable and thread-safe: every method returns a changed request. Names, values and defaults are those
 * of {@code docs/cli.md}.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public final class TrainRequest {

    private final Extensions extensions;
    private final Path model;
    private final Settings settings;

    TrainRequest(Extensions extensions, Path model, List<EventSink> sinks) {
        this(extensions, model, new Settings(sinks));
    }

    private TrainRequest(Extensions extensions, Path model, Settings settings) {
        this.extensions = extensions;
        this.model = model;
        this.settings = settings;
    }

    /** What is set; copied before it is changed. */
    private static final class Settings implements Cloneable {

        private Optional<Examples> examples = Optional.empty();
        private Optional<Examples> data = Optional.empty();
        private Map<String, String> dataOptions = Map.of();
        private Optional<Path> preprocessing = Optional.empty();
        private double validation = 0.1;
        private int epochs = 10;
        private int batch = 128;
        private Choice loss = new Choice(NamedLoss.CROSS_ENTROPY.name(), Map.of());
        private Choice optimizer = new Choice(ChosenOptimizer.DEFAULT, Map.of());
        private OptionalDouble rate = OptionalDouble.empty();
        private Choice schedule = new Choice(RateSchedule.DEFAULT, Map.of());
        private double decay = 5e-4;
        private double clip;
        private int accumulate = 1;
        private double average;
        private Map<String, String> augmentation = Map.of();
        private int patience;
        private Optional<Path> teacher = Optional.empty();
        private Choice teacherLoss = new Choice(Distillation.DEFAULT, Map.of());
        private double teacherShare = 0.5;
        private List<String> trainable = List.of();
        private long seed;
        private int threads = RunSettings.PROCESSORS;
        private List<EventSink> sinks;
        private Cancellation cancellation = new Cancellation();

        private Settings(List<EventSink> sinks) {
            this.sinks = sinks;
        }

        private Settings copy() {
            try {
                return (Settings) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private TrainRequest changed(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new TrainRequest(extensions, model, changed);
    }

    /** What the model is trained on: files that are one set, or parts of files. */
    public TrainRequest examples(List<DataFile> files) {
        return changed(each -> each.examples = Optional.of(Examples.in(files)));
    }

    /** As {@link #examples(List)}, with examples at hand. */
    public TrainRequest examples(Dataset dataset) {
        return changed(each -> each.examples = Optional.of(Examples.of(dataset)));
    }

    /** What measures the file before and after; it takes no part in training. */
    public TrainRequest data(List<DataFile> files) {
        return changed(each -> each.data = Optional.of(Examples.in(files)));
    }

    /** As {@link #data(List)}, with examples at hand. */
    public TrainRequest data(Dataset dataset) {
        return changed(each -> each.data = Optional.of(Examples.of(dataset)));
    }

    /** Options of what reads files of examples. */
    public TrainRequest dataOptions(Map<String, String> options) {
        return changed(each -> each.dataOptions = Map.copyOf(options));
    }

    /** A file of preprocessing, as {@link RunRequest#preprocessing}. */
    public TrainRequest preprocessing(Path file) {
        return changed(each -> each.preprocessing = Optional.of(file));
    }

    /** The share of the examples that is held back to measure each epoch: 0.1 unless said otherwise; 0 for none. */
    public TrainRequest validationSplit(double share) {
        return changed(each -> each.validation = share);
    }

    /** How often all examples are seen: 10 times unless said otherwise. */
    public TrainRequest epochs(int number) {
        return changed(each -> each.epochs = number);
    }

    /** Examples of a step: 128 unless said otherwise. */
    public TrainRequest batch(int size) {
        return changed(each -> each.batch = size);
    }

    /** What is minimised: a loss, or a model file that computes one; {@code cross-entropy} unless said otherwise. */
    public TrainRequest loss(String name, Map<String, String> options) {
        return changed(each -> each.loss = new Choice(name, Map.copyOf(options)));
    }

    /** How weights follow gradients: {@code adamw} unless said otherwise. */
    public TrainRequest optimizer(String name, Map<String, String> options) {
        return changed(each -> each.optimizer = new Choice(name, Map.copyOf(options)));
    }

    /** The largest learning rate; that of the optimizer unless said otherwise. */
    public TrainRequest learningRate(double rate) {
        return changed(each -> each.rate = OptionalDouble.of(rate));
    }

    /** How the rate changes: {@code constant}, {@code step}, {@code cosine} (the default), {@code one-cycle}. */
    public TrainRequest rateSchedule(String name, Map<String, String> options) {
        return changed(each -> each.schedule = new Choice(name, Map.copyOf(options)));
    }

    /** What pulls weights towards zero, norms and biases excepted: 5e-4 unless said otherwise. */
    public TrainRequest weightDecay(double decay) {
        return changed(each -> each.decay = decay);
    }

    /** The longest gradient of all weights together; any unless said otherwise. */
    public TrainRequest clip(double length) {
        return changed(each -> each.clip = length);
    }

    /** Batches whose gradients are averaged for a step: one unless said otherwise. */
    public TrainRequest accumulate(int batches) {
        return changed(each -> each.accumulate = batches);
    }

    /** The share of averaged weights that is kept after a step, such as 0.999; without, the last weights are taken. */
    public TrainRequest average(double kept) {
        return changed(each -> each.average = kept);
    }

    /**
     * How images are changed before they are trained on: {@code flip=true}, {@code shift=2}, {@code crop=0.8}, {@code cut-out=8},
     * {@code mix-up=0.2}; not at all unless said otherwise.
     */
    public TrainRequest augmentation(Map<String, String> options) {
        return changed(each -> each.augmentation = Map.copyOf(options));
    }

    /** Epochs without a better measure on the examples held back, after which training ends; any number unless said otherwise. */
    public TrainRequest patience(int epochs) {
        return changed(each -> each.patience = epochs);
    }

    /**
     * A model file, of any format, that this one is trained to agree with besides the labels; it takes the same inputs.
     *
     * @param share how much the teacher counts, from 0 to 1; the labels count the rest
     */
    public TrainRequest teacher(Path file, double share) {
        return changed(each -> {
            each.teacher = Optional.of(file);
            each.teacherShare = share;
        });
    }

    /** How far outputs are from those of the teacher: {@code distillation} unless said otherwise. */
    public TrainRequest teacherLoss(String name, Map<String, String> options) {
        return changed(each -> each.teacherLoss = new Choice(name, Map.copyOf(options)));
    }

    /** Patterns of the names of weights that are trained; all unless said otherwise. */
    public TrainRequest trainable(List<String> patterns) {
        return changed(each -> each.trainable = List.copyOf(patterns));
    }

    /** Decides the order of examples and everything random: 0 unless said otherwise. */
    public TrainRequest seed(long random) {
        return changed(each -> each.seed = random);
    }

    /** Worker threads; one for each processor unless said otherwise. Their number may change last digits. */
    public TrainRequest threads(int number) {
        return changed(each -> each.threads = number);
    }

    /** Hands events to a handler. */
    public TrainRequest onEvent(EventSink handler) {
        return changed(each -> {
            each.sinks = new ArrayList<>(each.sinks);
            each.sinks.add(handler);
        });
    }

    /** Lets a handle stop the run. */
    public TrainRequest cancelledBy(Cancellation handle) {
        return changed(each -> each.cancellation = handle);
    }

    /**
     * Trains and writes the model.
     *
     * @param listener hears of each epoch when it has ended
     * @throws EspalierException as {@link Espalier} says
     */
    public TrainResult to(Path output, Consumer<TrainedEpoch> listener) {
        checkOutput(output);
        return Failures.translated(() -> {
            TrainingRun run = new TrainingRun(request(output));
            Runnable detach = settings.cancellation.attach(run::cancel);
            try {
                return TrainResult.of(run.run(epoch -> listener.accept(TrainedEpoch.of(epoch))), output);
            } finally {
                detach.run();
            }
        });
    }

    private void checkOutput(Path output) {
        List<Path> read = new ArrayList<>(List.of(model));
        settings.teacher.ifPresent(read::add);
        files(settings.examples).forEach(each -> read.add(each.file()));
        files(settings.data).forEach(each -> read.add(each.file()));
        for (Path each : read) {
            if (OutputRules.isSame(each, output)) {
                throw InputRefusedException.request(
                        "the output would replace '" + each + "', which the run reads; give another output");
            }
        }
        for (DataFile one : files(settings.data)) {
            if (files(settings.examples).stream()
                    .anyMatch(other -> OutputRules.isSame(one.file(), other.file()) && one.overlaps(other))) {
                throw InputRefusedException.request(
                        "the training examples and the data are the same file; measuring on what"
                                + " was trained on would flatter the result, so give two files, or 'FILE:train' to train on and"
                                + " 'FILE:valid' as data");
            }
        }
    }

    private static List<DataFile> files(Optional<Examples> examples) {
        return examples.map(Examples::files).orElse(List.of());
    }

    private TrainingRequest request(Path output) {
        Input input = extensions.input(model, GivenInputs.NONE);
        extensions.requireFormat(input.adapter(), output);
        Dataset all = open(
                "train",
                settings.examples.orElseThrow(() -> InputRefusedException.request("nothing says what the model is"
                        + " trained on; give examples (--train on the command line)")));
        setting("validation-split", settings.validation >= 0 && settings.validation < 1, "a share from 0 to below 1");
        Selection.Split split = Selection.split(all, settings.validation, settings.seed);
        return new TrainingRequest(
                input,
                split.rest(),
                split.heldBack(),
                settings.data.map(each -> open("data", each)),
                new MetricChoice(Optional.empty(), extensions.catalogue().all(Metric.class)),
                training(),
                settings.teacher.map(this::distilling),
                output,
                trail());
    }

    private Dataset open(String setting, Examples examples) {
        return examples.open(
                setting,
                extensions,
                Shipped.of(settings.preprocessing, Optional.of(model)),
                settings.dataOptions,
                settings.seed,
                new SeededContext(settings.seed, settings.cancellation::isCancelled));
    }

    private TrainingRequest.Distilling distilling(Path teacher) {
        setting("teacher-share", settings.teacherShare >= 0 && settings.teacherShare <= 1, "a share from 0 to 1");
        Map<String, String> options = new TreeMap<>(settings.teacherLoss.options());
        options.put("labels", Distillation.LABELS);
        return new TrainingRequest.Distilling(
                extensions.input(teacher, GivenInputs.NONE),
                extensions.loss(settings.teacherLoss.name(), options),
                settings.teacherShare);
    }

    private TrainingSettings training() {
        Optimizer optimizer = extensions.require(Optimizer.class, settings.optimizer.name());
        setting("epochs", settings.epochs >= 1, "a number of at least 1");
        setting("batch", settings.batch >= 1, "a number of at least 1");
        setting("accumulate", settings.accumulate >= 1, "a number of at least 1");
        setting("learning-rate", settings.rate.orElse(1) > 0, "a number above 0");
        setting("weight-decay", settings.decay >= 0, "a number of at least 0");
        setting("patience", settings.patience >= 0, "a number of at least 0");
        setting(
                "patience",
                settings.patience == 0 || settings.validation > 0,
                "examples that are held back too, which say whether an epoch was better: a validation split above 0");
        setting("clip", settings.clip >= 0, "a length of at least 0");
        setting("average", settings.average >= 0 && settings.average < 1, "a share from 0 to below 1");
        return new TrainingSettings(
                settings.epochs,
                settings.batch,
                extensions.loss(settings.loss.name(), settings.loss.options()),
                new ChosenOptimizer(
                        optimizer, Extensions.options(Optimizer.class, optimizer, settings.optimizer.options())),
                settings.rate,
                Failures.understood(() -> RateSchedule.of(settings.schedule.name(), settings.schedule.options())),
                settings.decay,
                settings.clip,
                settings.accumulate,
                settings.average,
                Failures.understood(() -> Augmentation.of(settings.augmentation)),
                settings.patience,
                settings.trainable,
                settings.seed,
                RunSettings.threads(settings.threads));
    }

    private static void setting(String name, boolean valid, String expected) {
        if (!valid) {
            throw InputRefusedException.setting(Reason.REQUEST, name, name + ": give " + expected);
        }
    }

    private Trail trail() {
        return new Trail(
                UUID.randomUUID().toString(),
                "espalier " + Version.CURRENT,
                "train",
                Map.of(),
                Clock.systemUTC(),
                settings.sinks);
    }
}
