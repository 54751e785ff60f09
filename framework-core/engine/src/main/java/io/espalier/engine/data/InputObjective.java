package io.espalier.engine.data;

import io.espalier.graph.gradient.Differentiable;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.gradient.NotDifferentiableException;
import io.espalier.graph.operator.BatchStatistics;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What inputs descend on: the distance of what batch normalisations see from what they hold, and, where the first output is a
 * row of scores of classes, the cross-entropy with wanted classes.
 *
 * @param graph computes the distance and the gradients
 * @param distance the distance from the statistics held
 * @param gradients by input
 * @param wanted the input that takes the wanted class of each example, one of many
 */
record InputObjective(Graph graph, String distance, Map<String, String> gradients, Optional<Wanted> wanted) {

    /**
     * Where classes are wanted.
     *
     * @param input its name
     * @param classes how many there are
     */
    record Wanted(String input, int classes) {}

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
        List<Node> holders = BatchStatistics.holders(form);
        List<String> real = arrays.keySet().stream()
                .filter(name -> form.inputs().get(name).type() == DataType.FLOAT32)
                .toList();
        if (holders.isEmpty() || real.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(form, operators, holders, real));
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

    private static InputObjective of(Graph form, Operators operators, List<Node> holders, List<String> real) {
        Shapes shapes = operators.infer(form);
        FreshNames names = FreshNames.of(form);
        Emitter emitter = new Emitter(names, shapes, "synthesis");
        String distance = BatchStatistics.distance(emitter, holders);
        Map<String, ValueType> inputs = new LinkedHashMap<>(form.inputs());
        String scores = scores(form);
        OptionalInt classes = classes(shapes, scores);
        String loss = distance;
        Optional<Wanted> wanted = Optional.empty();
        if (classes.isPresent()) {
            wanted = Optional.of(new Wanted(names.fresh("synthesis/wanted"), classes.getAsInt()));
            inputs.put(wanted.get().input(), shares(classes.getAsInt()));
            loss = emitter.add(
                    distance,
                    BatchStatistics.classes(emitter, scores, wanted.get().input()));
        }
        List<Node> nodes = new ArrayList<>(form.nodes());
        nodes.addAll(emitter.nodes());
        Map<String, Tensor> constants = new LinkedHashMap<>(form.constants());
        constants.putAll(emitter.constants());
        Graph stated = new Graph(
                form.name(), inputs, List.of(loss, distance), nodes, constants, form.declared(), form.given());
        Gradients gradients = Differentiation.of(stated, operators, loss, real);
        List<String> outputs = new ArrayList<>(List.of(distance));
        outputs.addAll(gradients.byValue().values());
        return new InputObjective(gradients.returning(outputs), distance, gradients.byValue(), wanted);
    }

    /** The first output, or what a softmax makes it of. */
    private static String scores(Graph form) {
        String output = form.outputs().get(0);
        return form.nodes().stream()
                .filter(node -> node.outputs().contains(output) && BatchStatistics.isSoftmax(node))
                .findFirst()
                .map(node -> node.inputs().get(0))
                .orElse(output);
    }

    private static OptionalInt classes(Shapes shapes, String scores) {
        List<Dim> shape = shapes.shape(scores).orElse(List.of());
        boolean real = shapes.type(scores).filter(DataType::isFloating).isPresent();
        return real
                        && shape.size() == 2
                        && shape.get(1).isConstant()
                        && !shape.get(1).is(1)
                ? OptionalInt.of(Math.toIntExact(shape.get(1).constant()))
                : OptionalInt.empty();
    }

    private static ValueType shares(int classes) {
        return new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Unknown(), new Dimension.Fixed(classes))));
    }
}
