package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.Operators;
import io.espalier.adapter.tflite.store.TfliteFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Looks into files. */
final class TestingFiles {

    private TestingFiles() {}

    /** Operator types of the main graph in order. */
    static List<String> operators(Path file) {
        NativeModel model = decode(file);
        return Arrays.stream(model.subgraphs().get(0).getOperators())
                .map(operator -> Operators.name(model, operator))
                .toList();
    }

    static NativeModel decode(Path file) {
        try (TfliteFile open = TfliteFile.open(file)) {
            return open.decode();
        }
    }
}
