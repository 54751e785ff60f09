package io.espalier.cli;

import io.espalier.api.DataFile;
import io.espalier.api.DataRequest;
import io.espalier.api.Espalier;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private ReadingOptions reading;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of parts and choices (default: ${DEFAULT-VALUE}).")
    long seed;

    DataRequest request(Espalier espalier) {
        DataRequest request = espalier.data(files.stream().map(DataFile::parse).toList())
                .options(reading.options)
                .seed(seed);
        request = reading.preprocessing == null ? request : request.preprocessing(reading.preprocessing);
        return model == null ? request : request.forModel(model);
    }
}
