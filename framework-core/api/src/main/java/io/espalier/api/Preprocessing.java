package io.espalier.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.spi.InvalidInputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Options of image data that are read from a file that image models ship: {@code preprocessor_config.json} of Hugging Face's
 * image processors, {@code config.json} of timm ({@code pretrained_cfg}), or an object of our own option names.
 */
final class Preprocessing {

    private Preprocessing() {}

    /**
     * The options in a file.
     *
     * @throws InvalidInputException when it is none of these, or says what is not known here
     */
    static Map<String, String> read(Path file) {
        PreprocessingFile read = PreprocessingFile.of(file);
        return TimmPreprocessing.isIn(read.json())
                ? TimmPreprocessing.of(read)
                : ProcessorPreprocessing.isIn(read.json())
                        ? ProcessorPreprocessing.of(read)
                        : OwnPreprocessing.of(read);
    }

    /** The preprocessing of images that lies beside a model; empty when nothing there speaks of it. */
    static Optional<Path> beside(Path model) {
        Path processor = model.resolveSibling("preprocessor_config.json");
        if (PreprocessingFile.exists(processor) && !speaksOf(processor, Preprocessing::isOther)) {
            return Optional.of(processor);
        }
        Path config = model.resolveSibling("config.json");
        return Optional.of(config)
                .filter(file -> PreprocessingFile.exists(file) && speaksOf(file, TimmPreprocessing::isIn));
    }

    /** Whether a processor is one of sound or text. */
    private static boolean isOther(JsonNode json) {
        return !ProcessorPreprocessing.isIn(json) && !TimmPreprocessing.isIn(json);
    }

    private interface Subject {
        boolean isIn(JsonNode json);
    }

    private static boolean speaksOf(Path file, Subject subject) {
        try {
            return subject.isIn(PreprocessingFile.of(file).json());
        } catch (InvalidInputException e) {
            // What is no JSON speaks of nothing; a broken preprocessor_config.json is refused when it is read.
            return false;
        }
    }
}
