package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.TfliteFile;
import java.nio.file.Path;

/** Looks into files. */
final class TestingFiles {

    private TestingFiles() {}

    static NativeModel decode(Path file) {
        try (TfliteFile open = TfliteFile.open(file)) {
            return open.decode();
        }
    }
}
