package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.run.OrtSessions;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.adapter.onnx.store.Widening;
import io.espalier.spi.adapter.ExecutionException;
import io.espalier.spi.adapter.GraphExecutor;
import io.espalier.spi.adapter.Runner;
import io.espalier.spi.graph.Graph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Runs neutral graphs in onnxruntime on the processor, what has bfloat16 in single precision. Thread-safe. */
public final class OnnxExecutor implements GraphExecutor {

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
            return prepare(graph, settings, UnaryOperator.identity());
        } catch (ExecutionException refused) {
            UnaryOperator<ModelImage> widened =
                    image -> Widening.of(image, Optional.empty()).orElseThrow(() -> refused);
            return prepare(graph, settings, widened);
        }
    }

    private static Runner prepare(Graph graph, Settings settings, UnaryOperator<ModelImage> form) {
        try {
            return load(form.apply(GraphEncoder.encode(graph)), settings);
        } catch (ExecutionException e) {
            if (!OrtSessions.lacksOperator(e)) {
                throw e;
            }
            return prepareOlder(graph, settings, form, e);
        }
    }

    /** The runtime has some operators only in a version whose newer one merely added element types. */
    private static Runner prepareOlder(
            Graph graph, Settings settings, UnaryOperator<ModelImage> form, ExecutionException first) {
        try {
            return load(form.apply(GraphEncoder.encode(graph, SAME_FORM_SINCE)), settings);
        } catch (ExecutionException e) {
            first.addSuppressed(e);
            throw first;
        }
    }

    private static Runner load(ModelImage image, Settings settings) {
        try {
            return ModelWriter.size(image) <= ImageLoader.MAX_MESSAGE_BYTES
                    ? OrtSessions.openGraph(ModelWriter.bytes(image), settings)
                    : ImageLoader.load(image, Optional.empty(), file -> OrtSessions.openGraph(file, settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
