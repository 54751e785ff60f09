package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.api.Recipe.Choice;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.open.GivenInputs;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.spi.Stability;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.loss.NamedLoss;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.training.Augmentation;
import io.espalier.training.ChosenOptimizer;
import io.espalier.training.ChosenRegularizer;
import io.espalier.training.Distillation;
import io.espalier.training.PrunedTraining;
import io.espalier.training.PrunedTraining.Lesson;
import io.espalier.training.RateSchedule;
import io.espalier.training.TrainingRequest;
import io.espalier.training.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How a model is trained. Immutable and thread-safe: every method returns changed settings. Names, values and defaults are those of
 * {@code docs/cli.md}; whether they make sense is checked when a run begins.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public final class Training {

    private final Settings settings;

    private Training(Settings settings) {
        this.settings = settings;
    }

    /** Training for so many epochs, with defaults otherwise. */
    public static Training of(int epochs) {
        Settings settings = new Settings();
        settings.epochs = epochs;
        return new Training(settings);
    }

    /** What is set; copied before it is changed. */
    private static final class Settings implements Cloneable {

        private double validation = 0.1;
        private int epochs;
        private int batch = 128;
        private Optional<Choice> loss = Optional.empty();
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
        private Optional<Choice> regularizer = Optional.empty();
        private String target = "macs=50%";

        private Settings copy() {
            try {
                return (Settings) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Training changed(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new Training(changed);
    }

    /** The share of the examples that is held back to measure each epoch: 0.1 unless said otherwise; 0 for none. */
    public Training validationSplit(double share) {
        return changed(each -> each.validation = share);
    }

    /** Examples of a step: 128 unless said otherwise. */
    public Training batch(int size) {
        return changed(each -> each.batch = size);
    }

    /** What is minimised: a loss, or a model file that computes one; {@code cross-entropy} unless said otherwise. */
    public Training loss(String name, Map<String, String> options) {
        return changed(each -> each.loss = Optional.of(new Choice(name, Map.copyOf(options))));
    }

    /** How weights follow gradients: {@code adamw} unless said otherwise. */
    public Training optimizer(String name, Map<String, String> options) {
        return changed(each -> each.optimizer = new Choice(name, Map.copyOf(options)));
    }

    /** The largest learning rate; that of the optimizer unless said otherwise. */
    public Training learningRate(double rate) {
        return changed(each -> each.rate = OptionalDouble.of(rate));
    }

    /** How the rate changes: {@code constant}, {@code step}, {@code cosine} (the default), {@code one-cycle}. */
    public Training rateSchedule(String name, Map<String, String> options) {
        return changed(each -> each.schedule = new Choice(name, Map.copyOf(options)));
    }

    /** What pulls weights towards zero, norms and biases excepted: 5e-4 unless said otherwise. */
    public Training weightDecay(double decay) {
        return changed(each -> each.decay = decay);
    }

    /** The longest gradient of all weights together; any unless said otherwise. */
    public Training clip(double length) {
        return changed(each -> each.clip = length);
    }

    /** Batches whose gradients are averaged for a step: one unless said otherwise. */
    public Training accumulate(int batches) {
        return changed(each -> each.accumulate = batches);
    }

    /** The share of averaged weights that is kept after a step, such as 0.999; without, the last weights are taken. */
    public Training average(double kept) {
        return changed(each -> each.average = kept);
    }

    /**
     * How images are changed before they are trained on: {@code flip=true}, {@code shift=2}, {@code crop=0.8}, {@code cut-out=8},
     * {@code mix-up=0.2}; not at all unless said otherwise.
     */
    public Training augmentation(Map<String, String> options) {
        return changed(each -> each.augmentation = Map.copyOf(options));
    }

    /** Epochs without a better measure on the examples held back, after which training ends; any number unless said otherwise. */
    public Training patience(int epochs) {
        return changed(each -> each.patience = epochs);
    }

    /** A model file, of any format, that this one is trained to agree with besides the labels; it takes the same inputs. */
    public Training teacher(Path file) {
        return changed(each -> each.teacher = Optional.of(file));
    }

    /** How far outputs are from those of the teacher: {@code distillation} unless said otherwise. */
    public Training teacherLoss(String name, Map<String, String> options) {
        return changed(each -> each.teacherLoss = new Choice(name, Map.copyOf(options)));
    }

    /** Patterns of the names of weights that are trained; all unless said otherwise. */
    public Training trainable(List<String> patterns) {
        return changed(each -> each.trainable = List.copyOf(patterns));
    }

    /**
     * As {@link #regularizer(String, Map, String)}, for the target of the run that prunes the model.
     *
     * @see PruneRequest#whileTraining
     */
    public Training regularizer(String name, Map<String, String> options) {
        return changed(each -> each.regularizer = Optional.of(new Choice(name, Map.copyOf(options))));
    }

    /**
     * What draws weights towards a network that can be pruned; nothing unless said otherwise.
     *
     * @param target what the cut is to leave that training prepares for, such as {@code macs=50%}
     */
    public Training regularizer(String name, Map<String, String> options, String target) {
        return changed(each -> {
            each.regularizer = Optional.of(new Choice(name, Map.copyOf(options)));
            each.target = target;
        });
    }

    /** How much a teacher counts, from 0 to 1: 0.5 unless said otherwise; the labels count the rest. */
    public Training teacherShare(double share) {
        return changed(each -> each.teacherShare = share);
    }

    // What the engine is asked for

    /** Whether a regularizer was chosen. */
    boolean isRegularized() {
        return settings.regularizer.isPresent();
    }

    /** This training, whose regularizer prepares for a target. */
    Training preparingFor(String target) {
        return changed(each -> each.target = target);
    }

    /** How often all examples are seen. */
    int epochs() {
        return settings.epochs;
    }

    /** Model files that are read. */
    List<Path> files() {
        return settings.teacher.stream().toList();
    }

    /** Some examples, without those that are held back, and these. */
    Selection.Split split(Dataset all, long seed) {
        setting("validation-split", settings.validation >= 0 && settings.validation < 1, "a share from 0 to below 1");
        return Selection.split(all, settings.validation, seed);
    }

    /**
     * The training of a model that is pruned.
     *
     * @param usual the loss where none was named here
     * @param isTaught whether the original is its teacher unless another is named, or the share is 0
     * @param resumes whether it goes on from a checkpoint where there is one
     */
    PrunedTraining ofPruned(
            Dataset all,
            Extensions extensions,
            Optional<Choice> usual,
            long seed,
            int threads,
            boolean isTaught,
            boolean resumes) {
        Selection.Split split = split(all, seed);
        requireShare();
        Optional<Lesson> lesson = settings.teacherShare == 0 || !isTaught && settings.teacher.isEmpty()
                ? Optional.empty()
                : Optional.of(new Lesson(
                        settings.teacher.map(file -> extensions.input(file, GivenInputs.NONE)),
                        teacherLoss(extensions),
                        settings.teacherShare));
        return new PrunedTraining(
                split.rest(),
                split.heldBack(),
                metric(extensions),
                settings(extensions, usual, seed, threads),
                lesson,
                resumes);
    }

    /** What judges a model that is trained. */
    static MetricChoice metric(Extensions extensions) {
        return new MetricChoice(Optional.empty(), extensions.catalogue().all(Metric.class));
    }

    /** The teacher of a model that is trained, where one is named. */
    Optional<TrainingRequest.Distilling> distilling(Extensions extensions) {
        requireShare();
        return settings.teacher.map(file -> {
            Input input = extensions.input(file, GivenInputs.NONE);
            return new TrainingRequest.Distilling(input, teacherLoss(extensions), settings.teacherShare);
        });
    }

    private void requireShare() {
        setting("teacher-share", settings.teacherShare >= 0 && settings.teacherShare <= 1, "a share from 0 to 1");
    }

    private ChosenLoss teacherLoss(Extensions extensions) {
        Map<String, String> options = new TreeMap<>(settings.teacherLoss.options());
        options.put("labels", Distillation.LABELS);
        return extensions.loss(settings.teacherLoss.name(), options);
    }

    /**
     * How a model is trained.
     *
     * @param usual the loss where none was named here
     */
    TrainingSettings settings(Extensions extensions, Optional<Choice> usual, long seed, int threads) {
        check();
        Optimizer optimizer = extensions.require(Optimizer.class, settings.optimizer.name());
        Choice loss =
                settings.loss.or(() -> usual).orElseGet(() -> new Choice(NamedLoss.CROSS_ENTROPY.name(), Map.of()));
        return new TrainingSettings(
                settings.epochs,
                settings.batch,
                extensions.loss(loss.name(), loss.options()),
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
                seed,
                threads,
                settings.regularizer.map(each -> regularizer(extensions, each)));
    }

    private ChosenRegularizer regularizer(Extensions extensions, Choice asked) {
        Regularizer regularizer = extensions.require(Regularizer.class, asked.name());
        return new ChosenRegularizer(
                regularizer,
                Extensions.options(Regularizer.class, regularizer, asked.options()),
                Failures.understood(() -> Target.parse(settings.target)));
    }

    private void check() {
        setting("epochs", settings.epochs >= 1, "a number of at least 1");
        setting("batch", settings.batch >= 1, "a number of at least 1");
        setting("accumulate", settings.accumulate >= 1, "a number of at least 1");
        setting("learning-rate", settings.rate.orElse(1) > 0, "a number above 0");
        setting("weight-decay", settings.decay >= 0, "a number of at least 0");
        setting("clip", settings.clip >= 0, "a length of at least 0");
        setting("average", settings.average >= 0 && settings.average < 1, "a share from 0 to below 1");
        setting("patience", settings.patience >= 0, "a number of at least 0");
        setting(
                "patience",
                settings.patience == 0 || settings.validation > 0,
                "examples that are held back too, which say whether an epoch was better: a validation split above 0");
    }

    private static void setting(String name, boolean valid, String expected) {
        if (!valid) {
            throw InputRefusedException.setting(Reason.REQUEST, name, name + ": give " + expected);
        }
    }
}
