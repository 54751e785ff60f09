package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.spi.file.TemporaryFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

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
    static <R> R load(ModelImage image, Optional<ModelSource> source, Function<Path, R> open) {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            Path file = folder.file("graph.onnx");
            new ModelWriter(MAX_MESSAGE_BYTES).write(image, source, file);
            // The session has read the file, or keeps its data mapped, which survives the file's removal.
            return open.apply(file);
        }
    }
}
