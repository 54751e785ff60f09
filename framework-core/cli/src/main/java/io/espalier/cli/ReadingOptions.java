package io.espalier.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** How files of examples are read. */
final class ReadingOptions {

    @Option(
            names = "--data-option",
            paramLabel = "NAME=VALUE",
            description = "An option of what reads files of examples ('espalier plugins list -v' shows them), or scale,"
                    + " mean and std of whole numbers, like scale=1/255.")
    Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--preprocess",
            paramLabel = "FILE",
            description =
                    "Preprocessing that image models ship (preprocessor_config.json, config.json of timm), or an object"
                            + " of data options; --data-option counts more. Such a file beside the model counts unless one is named; the"
                            + " word none leaves it out.")
    Path preprocessing;
}
