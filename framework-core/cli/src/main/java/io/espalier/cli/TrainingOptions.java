package io.espalier.cli;

import io.espalier.api.Training;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** How weights follow gradients. */
final class TrainingOptions {

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "128",
            description = "Examples of a step (default: ${DEFAULT-VALUE}); a model with a fixed batch overrides it.")
    private int batch;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME[:OPTION=VALUE,...]",
            defaultValue = "adamw",
            description = "How weights follow gradients: sgd, adam, adamw, lamb, or one of a plug-in, such as"
                    + " sgd:momentum=0.9,nesterov=true (default: ${DEFAULT-VALUE}).")
    private String optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "The largest learning rate (default: that of the optimizer, 0.1 for sgd, 0.001 for adamw).")
    private Double rate;

    @Option(
            names = "--rate-schedule",
            paramLabel = "NAME[:OPTION=VALUE,...]",
            defaultValue = "cosine",
            description = "How the rate changes: constant, step, cosine or one-cycle, such as cosine:warm-up=0.1 (share"
                    + " of all steps) or step:times=2,factor=0.1 (default: ${DEFAULT-VALUE}).")
    private String schedule;

    @Option(
            names = "--weight-decay",
            paramLabel = "SHARE",
            defaultValue = "5e-4",
            description = "What pulls weights towards zero, norms and biases excepted (default: ${DEFAULT-VALUE}).")
    private double decay;

    @Option(
            names = "--clip",
            paramLabel = "LENGTH",
            defaultValue = "0",
            description = "The longest gradient of all weights together; 0 for any (default: ${DEFAULT-VALUE}).")
    private double clip;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            defaultValue = "1",
            description = "Batches whose gradients are averaged for a step (default: ${DEFAULT-VALUE}).")
    private int accumulate;

    @Option(
            names = "--average",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Write averaged weights, of which this share is kept after a step, such as 0.999; 0 writes the"
                            + " last weights (default: ${DEFAULT-VALUE}).")
    private double average;

    @Option(
            names = "--augment",
            paramLabel = "NAME[=VALUE][,...]",
            description =
                    "How images are changed before they are trained on: flip, shift=PIXELS, crop=SHARE of the area,"
                            + " cut-out=PIXELS, mix-up=ALPHA, such as flip,shift=2,cut-out=8 (default: not at all).")
    private String augmentation;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "End after this many epochs without a better measure on the examples held back; 0 for any number"
                            + " (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--teacher",
            paramLabel = "FILE",
            description =
                    "A model, of any format, that this one is trained to agree with besides the labels (default: none,"
                            + " and the original for a model that is pruned).")
    private Path teacher;

    @Option(
            names = "--teacher-share",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description = "How much the teacher counts; the labels count the rest (default: ${DEFAULT-VALUE}).")
    private double teacherShare;

    @Option(
            names = "--teacher-loss",
            paramLabel = "NAME[:OPTION=VALUE,...]",
            defaultValue = "distillation",
            description = "How far outputs are from those of the teacher, such as distillation:temperature=2 or mse"
                    + " (default: ${DEFAULT-VALUE}).")
    private String teacherLoss;

    @Option(
            names = "--trainable",
            paramLabel = "PATTERN",
            description = "Train the weights of these names only; * stands for any characters, ? for one; may be given"
                    + " several times (default: all).")
    private List<String> trainable = new ArrayList<>();

    @Option(
            names = "--validation-split",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of the training examples that is held back to measure each epoch; 0 trains on all"
                    + " (default: ${DEFAULT-VALUE}).")
    private double validation;

    /** What these options say, for so many epochs. */
    Training training(int epochs) {
        Training set = Training.of(epochs)
                .batch(batch)
                .weightDecay(decay)
                .clip(clip)
                .accumulate(accumulate)
                .average(average)
                .augmentation(augmentations())
                .patience(patience)
                .teacherShare(teacherShare)
                .trainable(trainable)
                .validationSplit(validation);
        set = teacher == null ? set : set.teacher(teacher);
        set = rate == null ? set : set.learningRate(rate);
        set = with("--teacher-loss", teacherLoss, set::teacherLoss);
        set = with("--optimizer", optimizer, set::optimizer);
        return with("--rate-schedule", schedule, set::rateSchedule);
    }

    /** A name without a value is switched on. */
    private Map<String, String> augmentations() {
        Map<String, String> all = new LinkedHashMap<>();
        for (String each : augmentation == null ? List.<String>of() : List.of(augmentation.split(","))) {
            int sign = each.indexOf('=');
            all.put(sign < 0 ? each : each.substring(0, sign), sign < 0 ? "true" : each.substring(sign + 1));
        }
        return all;
    }

    private static Training with(String option, String typed, BiFunction<String, Map<String, String>, Training> set) {
        Setting setting = Setting.of(option, typed);
        return set.apply(setting.name(), setting.options());
    }
}
