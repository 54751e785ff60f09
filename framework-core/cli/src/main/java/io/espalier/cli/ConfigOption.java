package io.espalier.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A file of options; {@link ArgumentFiles} puts them in their places before the command sees any. */
final class ConfigOption {

    static final String NAME = "--config";

    @Option(
            names = NAME,
            paramLabel = "FILE",
            description =
                    "A YAML file whose keys are options without their dashes, and model; what is typed counts more"
                            + " than the file. 'espalier init' writes one.")
    private Path file;
}
