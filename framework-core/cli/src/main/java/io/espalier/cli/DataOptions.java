package io.espalier.cli;

import io.espalier.api.DataFile;
import io.espalier.api.DataRequest;
import io.espalier.api.Espalier;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which examples a command is about. */
final class DataOptions {

    @Parameters(
            paramLabel = "FILE[:PART]",
            arity = "1..*",
            description = "Files of examples, which are one set; PART as in 'prune --data'.")
    List<String> files;

    @Option(names = "--for", paramLabel = "MODEL", description = "The model that would take the examples.")
    Path model;

    @Option(
            names = "--data-option",
            paramLabel = "NAME=VALUE",
            description = "An option of what reads the files, or scale, mean and std.")
    Map<String, String> dataOptions = new LinkedHashMap<>();

    @Option(
            names = "--preprocess",
            paramLabel = "FILE",
            description =
                    "Preprocessing that image models ship (preprocessor_config.json, config.json of timm), or an object"
                            + " of data options; --data-option counts more.")
    Path preprocess;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of parts and choices (default: ${DEFAULT-VALUE}).")
    long seed;

    DataRequest request(Espalier espalier) {
        DataRequest request = espalier.data(files.stream().map(DataFile::parse).toList())
                .options(dataOptions)
                .seed(seed);
        request = preprocess == null ? request : request.preprocessing(preprocess);
        return model == null ? request : request.forModel(model);
    }
}
