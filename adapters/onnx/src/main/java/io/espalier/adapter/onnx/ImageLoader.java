package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.run.OrtRunner;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.adapter.onnx.store.ModelWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Loads model images into the runtime through a temporary file, so that their weights never lie on the Java heap. */
final class ImageLoader {

    /** Above this, weights go beside the model: the runtime then maps them, and parses no message of that size. */
    static final long MAX_MESSAGE_BYTES = 16L << 20;

    private ImageLoader() {}

    /**
     * Loads an image.
     *
     * @param source the model the image was made from, if any; decodes its external tensors
     * @param open opens the file that holds the image
     */
    static OrtRunner load(ModelImage image, Optional<ModelSource> source, Function<Path, OrtRunner> open) {
        try {
            Path folder = Files.createTempDirectory("espalier-");
            try {
                Path file = folder.resolve("graph.onnx");
                new ModelWriter(MAX_MESSAGE_BYTES).write(image, source, file);
                // The session has read the file, or keeps its data mapped, which survives the file's removal.
                return open.apply(file);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        for (Path file : files) {
            remove(file);
        }
        remove(folder);
    }

    /** Where a mapped file cannot be removed, the end of the process removes it. */
    private static void remove(Path file) {
        if (!file.toFile().delete()) {
            file.toFile().deleteOnExit();
        }
    }
}
