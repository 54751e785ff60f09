package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.run.OrtSessions;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.spi.adapter.ExecutionException;
import io.espalier.spi.adapter.GraphExecutor;
import io.espalier.spi.adapter.Runner;
import io.espalier.spi.graph.Graph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs neutral graphs in onnxruntime on the processor. Thread-safe. */
public final class OnnxExecutor implements GraphExecutor {

    /** Models above this go through a temporary file, so that their weights never lie on the Java heap. */
    private static final long MAX_HEAP_BYTES = 16L << 20;

    /** Above this, the runtime's own limit of 2 GiB for one model file comes near. */
    private static final long MAX_MODEL_BYTES = 1_500_000_000L;

    /** Operators this old or older have the same form in the neutral opset. */
    private static final int SAME_FORM_SINCE = 21;

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public String description() {
        return "Runs graphs in onnxruntime on the processor.";
    }

    @Override
    public Runner prepare(Graph graph, Settings settings) {
        try {
            return load(GraphEncoder.encode(graph), settings);
        } catch (ExecutionException e) {
            if (!OrtSessions.lacksOperator(e)) {
                throw e;
            }
            return prepareOlder(graph, settings, e);
        }
    }

    /** The runtime has some operators only in a version whose newer one merely added element types. */
    private static Runner prepareOlder(Graph graph, Settings settings, ExecutionException first) {
        try {
            return load(GraphEncoder.encode(graph, SAME_FORM_SINCE), settings);
        } catch (ExecutionException e) {
            first.addSuppressed(e);
            throw first;
        }
    }

    private static Runner load(ModelImage image, Settings settings) {
        try {
            if (ModelWriter.size(image) <= MAX_HEAP_BYTES) {
                return OrtSessions.openGraph(ModelWriter.bytes(image), settings);
            }
            Path folder = Files.createTempDirectory("espalier-");
            try {
                Path file = folder.resolve("graph.onnx");
                new ModelWriter(MAX_MODEL_BYTES).write(image, Optional.empty(), file);
                // The session has read the file, or keeps its data mapped, which survives the file's removal.
                return OrtSessions.openGraph(file, settings);
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
