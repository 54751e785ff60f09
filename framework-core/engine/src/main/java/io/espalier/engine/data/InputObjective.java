package io.espalier.engine.data;

import io.espalier.graph.gradient.Differentiable;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.gradient.NotDifferentiableException;
import io.espalier.graph.operator.BatchStatistics;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What inputs descend on: the distance of what batch normalisations see from what they hold.
 *
 * <p>Classes are not wanted of them. With the cross-entropy of wanted classes added, as DeepInversion does, predictions become
 * so sure that gradients of a loss by parameters vanish, and ways to prune can no longer be told apart (ADR 0037).
 *
 * @param graph computes the distance and the gradients
 * @param distance the distance from the statistics held
 * @param gradients by input
 */
record InputObjective(Graph graph, String distance, Map<String, String> gradients) {

    /**
     * States the objective.
     *
     * @param arrays an array for each input, whose extents besides the first are those that the graph is used with
     * @return empty when no normalisation holds statistics that real inputs reach, or they cannot be differentiated
     */
    static Optional<InputObjective> of(Graph original, Operators operators, Map<String, Tensor> arrays) {
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        arrays.forEach((name, array) -> extents.put(name, openFirst(array.shape())));
        Graph form = Differentiable.of(original, extents, operators);
        Shapes shapes = operators.infer(form);
        List<Node> holders = BatchStatistics.holders(form).stream()
                .filter(node -> shapes.shape(node.inputs().get(0)).isPresent())
                .toList();
        List<String> real = arrays.keySet().stream()
                .filter(name -> form.inputs().get(name).type() == DataType.FLOAT32)
                .toList();
        if (holders.isEmpty() || real.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(form, shapes, operators, holders, real));
        } catch (NotDifferentiableException e) {
            // Noise remains, and the note on it says so.
            return Optional.empty();
        }
    }

    private static List<Long> openFirst(List<Long> shape) {
        List<Long> open = new ArrayList<>(shape);
        open.set(0, -1L);
        return open;
    }

    private static InputObjective of(
            Graph form, Shapes shapes, Operators operators, List<Node> holders, List<String> real) {
        Emitter emitter = new Emitter(FreshNames.of(form), shapes, "synthesis");
        String distance = BatchStatistics.distance(emitter, holders);
        List<Node> nodes = new ArrayList<>(form.nodes());
        nodes.addAll(emitter.nodes());
        Map<String, Tensor> constants = new LinkedHashMap<>(form.constants());
        constants.putAll(emitter.constants());
        Graph stated = new Graph(
                form.name(), form.inputs(), List.of(distance), nodes, constants, form.declared(), form.given());
        Gradients gradients = Differentiation.of(stated, operators, distance, real);
        List<String> outputs = new ArrayList<>(List.of(distance));
        outputs.addAll(gradients.byValue().values());
        return new InputObjective(gradients.returning(outputs), distance, gradients.byValue());
    }
}
