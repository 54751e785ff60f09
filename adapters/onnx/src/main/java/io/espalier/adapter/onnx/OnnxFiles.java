package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import java.nio.file.Path;
import java.util.Optional;

/** Neutral graphs as ONNX files. */
public final class OnnxFiles {

    private OnnxFiles() {}

    /**
     * Saves a neutral graph: operators at {@link Graph#OPSET}, constants as initializers, weights beside the file when it
     * would be larger than 2 GiB.
     *
     * @throws InvalidInputException when the target cannot be written; then nothing that existed has changed
     */
    public static void save(Graph graph, Path target) {
        new ModelWriter().write(GraphEncoder.encode(graph), Optional.empty(), target);
    }
}
