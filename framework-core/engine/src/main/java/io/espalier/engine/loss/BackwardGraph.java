package io.espalier.engine.loss;

import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A graph of its own that computes a loss and its gradients.
 *
 * @param graph the graph: inputs of the model and labels in, the loss and one gradient after the other out
 * @param loss the output with the loss
 * @param gradients for each value that was differentiated by, the output with its gradient, of its shape
 * @param labels the inputs that labels are fed to
 */
public record BackwardGraph(Graph graph, String loss, Map<String, String> gradients, List<String> labels) {

    /** All weights that are real numbers. */
    public static final String WEIGHTS = "weights";

    /** All inputs of the model that are real numbers. */
    public static final String INPUTS = "inputs";

    /**
     * Differentiates a model.
     *
     * @param by {@value #WEIGHTS}, {@value #INPUTS}, or names of values
     * @throws InvalidInputException when there is no such value, the loss does not fit, or an operator has no gradient
     */
    public static BackwardGraph of(Graph original, Operators operators, ChosenLoss chosen, List<String> by) {
        return of(original, operators, chosen, by, Map.of());
    }

    /**
     * Differentiates a model whose inputs have extents that are known in the file.
     *
     * @param by {@value #WEIGHTS}, {@value #INPUTS}, or names of values
     * @param symbols extents of symbolic axes of the inputs, by name; those that are not named stay open
     * @throws InvalidInputException when there is no such value or axis, the loss does not fit, or an operator has no gradient
     */
    public static BackwardGraph of(
            Graph original, Operators operators, ChosenLoss chosen, List<String> by, Map<String, Long> symbols) {
        LossGraph loss = LossGraph.of(original, extents(original, symbols), operators, chosen);
        Shapes shapes = operators.infer(loss.graph());
        Set<String> values = new LinkedHashSet<>();
        for (String name : by) {
            values.addAll(values(name, original, loss.graph(), shapes, operators));
        }
        Gradients gradients = Differentiation.of(loss.graph(), operators, loss.loss(), values);
        return named(loss, gradients, operators);
    }

    /** The extents of each input, -1 for those that stay open. */
    private static Map<String, List<Long>> extents(Graph original, Map<String, Long> symbols) {
        Set<String> known = new TreeSet<>();
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        original.inputs()
                .forEach((name, type) -> type.shape().ifPresent(shape -> {
                    List<Long> all = new ArrayList<>();
                    for (Dimension dimension : shape) {
                        String symbol = dimension instanceof Dimension.Symbol named ? named.name() : "";
                        known.add(symbol);
                        all.add(symbols.getOrDefault(symbol, -1L));
                    }
                    extents.put(name, all);
                }));
        known.remove("");
        symbols.forEach((symbol, extent) -> {
            if (!known.contains(symbol) || extent < 1) {
                throw new InvalidInputException("The extent " + extent + " of the axis " + Quoted.name(symbol)
                        + " cannot be used: give a number of at least 1 for one of the symbolic axes of the inputs, "
                        + (known.isEmpty() ? "of which there are none" : String.join(", ", known)) + ".");
            }
        });
        return extents;
    }

    private static List<String> values(String name, Graph original, Graph graph, Shapes shapes, Operators operators) {
        List<String> found = switch (name) {
            case WEIGHTS ->
                TrainableConstants.realWithBodies(original, operators).stream()
                        .filter(graph.constants()::containsKey)
                        .toList();
            case INPUTS ->
                original.inputs().keySet().stream()
                        .filter(each -> isReal(each, shapes))
                        .toList();
            default -> shapes.values().contains(name) && isReal(name, shapes) ? List.of(name) : List.of();
        };
        if (found.isEmpty()) {
            throw new InvalidInputException("The loss cannot be differentiated by " + Quoted.name(name)
                    + ": the model has no such value in real numbers. Its inputs are "
                    + String.join(", ", original.inputs().keySet()) + "; name one, a weight, another value, '"
                    + WEIGHTS + "' or '" + INPUTS + "'.");
        }
        return found;
    }

    private static boolean isReal(String value, Shapes shapes) {
        return shapes.type(value).filter(type -> type.isFloating()).isPresent();
    }

    private static BackwardGraph named(LossGraph loss, Gradients gradients, Operators operators) {
        Graph whole = gradients.graph();
        FreshNames names = FreshNames.of(whole);
        List<Node> nodes = new ArrayList<>(whole.nodes());
        String lossOutput = names.fresh("loss");
        nodes.add(Node.of("Identity", List.of(loss.loss()), List.of(lossOutput), Map.of()));
        Map<String, String> outputs = new LinkedHashMap<>();
        gradients.byValue().forEach((value, gradient) -> {
            String output = names.fresh(value + "/gradient");
            nodes.add(Node.of("Identity", List.of(gradient), List.of(output), Map.of()));
            outputs.put(value, output);
        });
        List<String> wanted = new ArrayList<>(List.of(lossOutput));
        wanted.addAll(outputs.values());
        Graph graph = new Gradients(whole.withNodes(nodes), Map.of()).returning(wanted);
        return new BackwardGraph(
                declared(graph, loss, operators, lossOutput, outputs),
                lossOutput,
                outputs,
                List.copyOf(loss.labels().keySet()));
    }

    /** With types of all outputs: a gradient has that of its value. Inputs that only the outputs left out read are left out. */
    private static Graph declared(
            Graph graph, LossGraph loss, Operators operators, String lossOutput, Map<String, String> outputs) {
        Map<String, ValueType> types = operators.infer(loss.graph()).types();
        Map<String, ValueType> declared = new LinkedHashMap<>();
        declared.put(lossOutput, types.get(loss.loss()));
        outputs.forEach((value, output) -> declared.put(output, type(value, graph, types)));
        Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
        Set<String> read = new LinkedHashSet<>();
        graph.nodes().forEach(node -> read.addAll(node.reads()));
        inputs.keySet().retainAll(read);
        return new Graph(graph.name(), inputs, graph.outputs(), graph.nodes(), graph.constants(), declared, Map.of());
    }

    private static ValueType type(String value, Graph graph, Map<String, ValueType> types) {
        Optional<ValueType> input = Optional.ofNullable(graph.inputs().get(value));
        return input.orElseGet(() -> types.get(value));
    }
}
