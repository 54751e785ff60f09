package io.espalier.cli;

import io.espalier.api.DataFile;
import io.espalier.api.PruneRequest;
import io.espalier.api.When;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code prune} does besides choosing channels. */
final class PruneOptions {

    private static final String AFTER = "after";
    private static final String BEFORE = "before";
    private static final String DURING = "during";

    /** Says that weights are not repaired. */
    static final String NOTHING = "none";

    private static final int USUAL_EPOCHS = 3;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The pruned model; plan, journal and report lie beside it. What was there is replaced.")
    Path output;

    @Option(names = "--plan", paramLabel = "FILE", description = "Replay a plan instead of making one.")
    Path plan;

    @Option(
            names = "--data",
            paramLabel = "FILE[:PART]",
            description =
                    "Labelled examples that measure accuracy: npz, npy, idx, CSV, text or a folder of images; several files"
                            + " and PART as for --calibration.")
    List<String> data = new ArrayList<>();

    @Option(
            names = "--when",
            paramLabel = "MOMENT",
            defaultValue = AFTER,
            description = "When, compared with training: after; before, which scores channels of a network that is not"
                    + " trained on --train, with running statistics brought up to date, and writes how to train it beside the"
                    + " result; or during, which trains on --train for --epochs and cuts on the way"
                    + " (default: ${DEFAULT-VALUE}).")
    String when;

    @Option(
            names = "--metric",
            paramLabel = "NAME|FILE",
            description = "What is measured on --data: top-1, top-k, mse, another metric of a plug-in, or a model file"
                    + " that computes one number from outputs and labels (default: top-1, where labels are classes).")
    String metric;

    @Option(
            names = "--metric-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the metric, like k=5; 'espalier plugins list -v' shows them.")
    Map<String, String> metricOptions = new LinkedHashMap<>();

    @Option(
            names = "--repair",
            paramLabel = "NAME",
            description =
                    "Repair weights after the cut with this compensator, or none; needs --calibration (default with"
                            + " --calibration: that of the recipe).")
    String repair;

    @Option(
            names = "--repair-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the compensator; 'espalier plugins list -v' shows them.")
    Map<String, String> repairOptions = new LinkedHashMap<>();

    @Mixin
    CalibrationOptions calibration;

    @Option(
            names = "--train",
            paramLabel = "FILE[:PART]",
            description =
                    "Labelled examples that the pruned model is trained on, or that a network is scored on with --when"
                            + " before, which reads 512 of them; files and PART as for --calibration.")
    List<String> train = new ArrayList<>();

    @Option(
            names = "--fine-tune",
            paramLabel = "EPOCHS",
            description =
                    "Train the pruned model for so many epochs, after the proof and the repair, or after those of --epochs"
                            + " (default with --train and without --epochs: 3).")
    Integer fineTune;

    @Mixin
    private PruningScheduleOptions schedule;

    @Mixin
    TrainingOptions training;

    @Mixin
    SearchOptions search;

    @Mixin
    private ThreadsOption threads;

    @Option(
            names = "--latency-runs",
            paramLabel = "N",
            description = "Timed runs of each model (default: 50, and 10 seconds at most).")
    Integer latencyRuns;

    @Option(names = "--no-latency", description = "Do not measure latency.")
    boolean noLatency;

    @Option(
            names = "--accept-unproved",
            description = "Write the model also when nothing could be shown about it; still ends with code 3.")
    boolean acceptUnproved;

    @Option(names = "--force", description = "Allow the output to replace the model that is pruned.")
    boolean force;

    /** The request with what these options say, but for the output and the plan. */
    PruneRequest applyTo(PruneRequest request) {
        PruneRequest asked = search.applyTo(calibration.applyTo(request.threads(threads.count())));
        asked = data.isEmpty()
                ? asked
                : asked.data(data.stream().map(DataFile::parse).toList());
        asked = isScheduled()
                ? schedule.applyTo(
                        asked,
                        train.stream().map(DataFile::parse).toList(),
                        training,
                        When.valueOf(when.toUpperCase(Locale.ROOT)))
                : asked;
        asked = isBefore() && !isScheduled()
                ? asked.beforeTraining(train.stream().map(DataFile::parse).toList())
                : asked;
        asked = metric == null ? asked : asked.metric(metric, metricOptions);
        asked = NOTHING.equals(repair) ? asked.withoutRepair() : asked;
        asked = isCompensator() ? asked.repair(repair, repairOptions, calibration.files()) : asked;
        asked = train.isEmpty() || fineTune == null && (isBefore() || isScheduled())
                ? asked
                : asked.fineTune(
                        train.stream().map(DataFile::parse).toList(),
                        training.training(fineTune == null ? USUAL_EPOCHS : fineTune));
        asked = schedule.resumes() ? asked.resume() : asked;
        asked = latencyRuns == null ? asked : asked.latencyRuns(latencyRuns);
        asked = noLatency ? asked.withoutLatency() : asked;
        asked = acceptUnproved ? asked.acceptUnproved() : asked;
        return force ? asked.replaceModel() : asked;
    }

    /** Whether the model is pruned before it is trained. */
    boolean isBefore() {
        return when.equals(BEFORE);
    }

    /** Throws a usage failure where moment and training data do not go together. */
    void checkMoment() {
        if (!List.of(BEFORE, DURING, AFTER).contains(when)) {
            throw Failure.usage("--when cannot be '" + when + "'; give before, during or after");
        }
        schedule.check(isScheduled(), isScheduled() || !isBefore() && !train.isEmpty());
        if (isScheduled()) {
            checkSchedule();
            return;
        }
        if (isBefore() && train.isEmpty()) {
            throw Failure.usage("--when before scores channels on training examples; name a file of them with --train");
        }
        if (isBefore() && plan != null) {
            throw Failure.usage("the plan of --plan already says what is removed, whenever that was; leave out --when");
        }
        if (isBefore() && fineTune != null) {
            throw Failure.usage("--when before writes an untrained network, which 'espalier train' trains; leave out"
                    + " --fine-tune");
        }
    }

    private void checkSchedule() {
        if (train.isEmpty()) {
            throw Failure.usage(
                    "a model that is pruned while it is trained needs training examples; name a file of them"
                            + " with --train");
        }
        if (plan != null) {
            throw Failure.usage("the plan of --plan already says what is removed, whenever that was; leave out --when"
                    + " and --epochs");
        }
    }

    /** Whether the model is pruned in the course of a training. */
    boolean isScheduled() {
        return when.equals(DURING) || schedule.trains();
    }

    private boolean isCompensator() {
        return repair != null && !repair.equals(NOTHING);
    }
}
