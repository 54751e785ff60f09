package io.espalier.cli;

import io.espalier.api.DataFile;
import io.espalier.api.RunRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The inputs that channels are scored on and weights are repaired with. */
final class CalibrationOptions {

    @Mixin
    ReadingOptions reading;

    @Option(
            names = "--calibration",
            paramLabel = "FILE[:PART]",
            description =
                    "Training inputs that criteria score channels on and that weights are repaired with; never the"
                            + " data that measures accuracy. Given several times, the files are one set. PART is train or valid"
                            + " (four fifths and a fifth, by --seed), a number of examples, or both like train:512. The word"
                            + " synthetic makes inputs from the model.")
    List<String> calibration = new ArrayList<>();

    @Option(
            names = "--calibration-option",
            paramLabel = "NAME=VALUE",
            description = "As --data-option, for --calibration alone.")
    Map<String, String> options = new LinkedHashMap<>();

    boolean isGiven() {
        return !calibration.isEmpty();
    }

    List<DataFile> files() {
        return calibration.stream().map(DataFile::parse).toList();
    }

    /** The request with what these options say. */
    <R extends RunRequest<R>> R applyTo(R request) {
        R asked = request.dataOptions(reading.options).calibrationOptions(options);
        asked = reading.preprocessing == null ? asked : asked.preprocessing(reading.preprocessing);
        return isGiven() ? asked.calibration(files()) : asked;
    }
}
