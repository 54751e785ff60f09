package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.run.BlockSize;
import io.espalier.adapter.onnx.run.ConvolutionProducts;
import io.espalier.adapter.onnx.run.OrtSessions;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.adapter.onnx.store.Widening;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Graph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    public Session prepare(Graph graph, Settings settings, Map<String, String> state) {
        if (!settings.device().equals(Settings.CPU)) {
            throw new InvalidInputException("There is no device " + Quoted.name(settings.device()) + " here; "
                    + "onnxruntime runs on '" + Settings.CPU + "'.");
        }
        requireState(graph, state);
        boolean feedsWeights = settings.purpose() == Purpose.TRAINING && settings.optimise();
        Graph laidOut = feedsWeights ? BlockSize.inBlocks(ConvolutionProducts.in(graph)) : graph;
        try {
            return prepare(laidOut, settings, state, UnaryOperator.identity());
        } catch (ExecutionException refused) {
            UnaryOperator<ModelImage> widened =
                    image -> Widening.of(image, Optional.empty()).orElseThrow(() -> refused);
            return prepare(laidOut, settings, state, widened);
        }
    }

    private static void requireState(Graph graph, Map<String, String> state) {
        state.forEach((input, output) -> {
            if (!graph.inputs().containsKey(input) || !graph.outputs().contains(output)) {
                throw new IllegalArgumentException("state from output '" + output + "' to input '" + input
                        + "', but the graph has outputs " + graph.outputs() + " and inputs "
                        + graph.inputs().keySet());
            }
        });
        if (Set.copyOf(state.values()).size() < state.size()) {
            throw new IllegalArgumentException("two inputs keep one output: " + state);
        }
    }

    private static Session prepare(
            Graph graph, Settings settings, Map<String, String> state, UnaryOperator<ModelImage> form) {
        try {
            return load(form.apply(GraphEncoder.encode(graph)), settings, state);
        } catch (ExecutionException e) {
            if (!OrtSessions.lacksOperator(e)) {
                throw e;
            }
            return prepareOlder(graph, settings, state, form, e);
        }
    }

    /** The runtime has some operators only in a version whose newer one merely added element types. */
    private static Session prepareOlder(
            Graph graph,
            Settings settings,
            Map<String, String> state,
            UnaryOperator<ModelImage> form,
            ExecutionException first) {
        try {
            return load(form.apply(GraphEncoder.encode(graph, SAME_FORM_SINCE)), settings, state);
        } catch (ExecutionException e) {
            first.addSuppressed(e);
            throw first;
        }
    }

    private static Session load(ModelImage image, Settings settings, Map<String, String> state) {
        try {
            return ModelWriter.size(image) <= ImageLoader.MAX_MESSAGE_BYTES
                    ? OrtSessions.openGraph(ModelWriter.bytes(image), settings, state)
                    : ImageLoader.load(image, Optional.empty(), file -> OrtSessions.openGraph(file, settings, state));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
