package io.espalier.cli;

import io.espalier.api.DataFile;
import io.espalier.api.PruneRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code prune} does besides choosing channels. */
final class PruneOptions {

    /** Says that weights are not repaired. */
    static final String NOTHING = "none";

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
            description = "Labelled examples that measure accuracy: npz, npy, idx or a folder of images; given several"
                    + " times, the files are one set. PART is train or valid (four fifths and a fifth, by --seed), a"
                    + " number of examples, or both like train:512.")
    List<String> data = new ArrayList<>();

    @Option(
            names = "--data-option",
            paramLabel = "NAME=VALUE",
            description =
                    "An option of what reads --data and --calibration ('espalier plugins list -v' shows them), or scale,"
                            + " mean and std of whole numbers, like scale=1/255.")
    Map<String, String> dataOptions = new LinkedHashMap<>();

    @Option(
            names = "--preprocess",
            paramLabel = "FILE",
            description =
                    "Preprocessing that image models ship (preprocessor_config.json, config.json of timm), or an object"
                            + " of data options; --data-option counts more.")
    Path preprocess;

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

    @Option(
            names = "--calibration",
            paramLabel = "FILE[:PART]",
            description = "Training inputs, like --data, for --repair and for criteria that score what channels"
                    + " compute; never the data that measures accuracy. The word synthetic makes them from the model.")
    List<String> calibration = new ArrayList<>();

    @Option(
            names = "--calibration-option",
            paramLabel = "NAME=VALUE",
            description = "As --data-option, for --calibration alone.")
    Map<String, String> calibrationOptions = new LinkedHashMap<>();

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
        PruneRequest asked = request.threads(threads.count());
        asked = data.isEmpty() ? asked : asked.data(files(data));
        asked = dataOptions.isEmpty() ? asked : asked.dataOptions(dataOptions);
        asked = calibrationOptions.isEmpty() ? asked : asked.calibrationOptions(calibrationOptions);
        asked = preprocess == null ? asked : asked.preprocessing(preprocess);
        asked = metric == null ? asked : asked.metric(metric, metricOptions);
        asked = calibration.isEmpty() ? asked : asked.calibration(files(calibration));
        asked = NOTHING.equals(repair) ? asked.withoutRepair() : asked;
        asked = isCompensator() ? asked.repair(repair, repairOptions, files(calibration)) : asked;
        asked = latencyRuns == null ? asked : asked.latencyRuns(latencyRuns);
        asked = noLatency ? asked.withoutLatency() : asked;
        asked = acceptUnproved ? asked.acceptUnproved() : asked;
        return force ? asked.replaceModel() : asked;
    }

    private static List<DataFile> files(List<String> named) {
        return named.stream().map(DataFile::parse).toList();
    }

    private boolean isCompensator() {
        return repair != null && !repair.equals(NOTHING);
    }
}
