package io.espalier.api;

import io.espalier.engine.loss.BackwardGraph;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.open.GivenInputs;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.Stability;
import io.espalier.spi.adapter.GraphWriter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.loss.NamedLoss;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Asks for a file that computes a loss of a model and its gradients. Immutable and thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public final class GradientRequest {

    private static final String FORMAT = "onnx";

    private final Extensions extensions;
    private final Path model;
    private final String loss;
    private final Map<String, String> options;
    private final List<String> by;
    private final Map<String, Long> extents;

    GradientRequest(Extensions extensions, Path model) {
        this(extensions, model, NamedLoss.CROSS_ENTROPY.name(), Map.of(), List.of(BackwardGraph.WEIGHTS), Map.of());
    }

    private GradientRequest(
            Extensions extensions,
            Path model,
            String loss,
            Map<String, String> options,
            List<String> by,
            Map<String, Long> extents) {
        this.extensions = extensions;
        this.model = model;
        this.loss = loss;
        this.options = Map.copyOf(options);
        this.by = List.copyOf(by);
        this.extents = Map.copyOf(extents);
    }

    /**
     * What is differentiated: {@code cross-entropy} unless said otherwise.
     *
     * @param name name of a loss, or a model file that computes one
     * @param values options of the loss
     */
    public GradientRequest loss(String name, Map<String, String> values) {
        return new GradientRequest(extensions, model, name, values, by, extents);
    }

    /** What it is differentiated by: {@code weights}, the default, {@code inputs}, or names of values. */
    public GradientRequest withRespectTo(List<String> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing says what the loss is differentiated by");
        }
        return new GradientRequest(extensions, model, loss, options, values, extents);
    }

    /**
     * Extents of symbolic axes of the inputs: what depends on them, as the number of steps of a recurrent cell, is known then, and the
     * file takes inputs of no other extent.
     *
     * @param symbols by name of the axis; those that are not named stay open
     */
    public GradientRequest extents(Map<String, Long> symbols) {
        return new GradientRequest(extensions, model, loss, options, by, symbols);
    }

    /**
     * Writes the file, in ONNX. Its inputs are those of the model and of the labels, any number of examples at a time; its outputs
     * are the loss and the gradients, in single precision.
     *
     * @throws EspalierException as {@link Espalier} says; an operator without a gradient is named, with the way to the loss
     */
    public GradientFile write(Path output) {
        if (OutputRules.isSame(model, output)) {
            throw InputRefusedException.request("the output would replace the model; give another output");
        }
        return Failures.translated(() -> {
            ChosenLoss chosen = extensions.loss(loss, options);
            Operators operators = Operators.standard().with(extensions.operators());
            try (Model opened = extensions.open(model, GivenInputs.NONE)) {
                BackwardGraph backward = BackwardGraph.of(opened.graph(), operators, chosen, by, extents);
                extensions.require(GraphWriter.class, FORMAT).write(backward.graph(), output);
                return new GradientFile(
                        List.copyOf(backward.graph().inputs().keySet()),
                        backward.labels(),
                        backward.loss(),
                        backward.gradients());
            }
        });
    }
}
