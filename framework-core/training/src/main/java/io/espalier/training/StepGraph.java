package io.espalier.training;

import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.TrainingForm;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The graph of a training step: examples, weights and statistics in; the loss, its gradient by each weight, the next statistics
 * and what the model computed out.
 *
 * @param graph the graph
 * @param objective what is minimised, with what it is fed with
 * @param gradients for each weight, the output with its gradient
 * @param statistics for each statistic of a batch norm, the output with what follows it
 * @param masks for each input that is a mask, the share of its elements that is zero
 */
record StepGraph(
        Graph graph,
        Objective objective,
        Map<String, String> gradients,
        Map<String, String> statistics,
        Map<String, Double> masks) {

    /** Makes the objective of a model in the form in which it is trained. */
    interface Aim {
        Objective of(Graph form);
    }

    /**
     * Differentiates a model by its weights.
     *
     * @param weights names of the constants that training changes
     */
    static StepGraph of(Graph model, Operators operators, Collection<String> weights, Aim aim) {
        TrainingForm form = TrainingForm.of(model, operators);
        Objective objective = aim.of(form.graph());
        Gradients gradients = Differentiation.of(objective.graph(), operators, objective.loss(), weights);
        Set<String> outputs = new LinkedHashSet<>(List.of(objective.loss()));
        outputs.addAll(model.outputs());
        outputs.addAll(form.statistics().values());
        outputs.addAll(gradients.byValue().values());
        Set<String> fed = new LinkedHashSet<>(weights);
        fed.addAll(form.statistics().keySet());
        Graph graph = fed(gradients.returning(List.copyOf(outputs)), fed);
        // A runtime chooses the layout of convolutions by the extents of their operands.
        Graph typed = graph.withDeclared(operators.typesOf(graph));
        return new StepGraph(typed, objective, gradients.byValue(), form.statistics(), form.masks());
    }

    /** The graph that is given some of its constants. */
    private static Graph fed(Graph graph, Set<String> names) {
        Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        for (String name : names) {
            Optional<Tensor> constant = Optional.ofNullable(constants.remove(name));
            constant.ifPresent(tensor -> inputs.put(name, type(tensor)));
        }
        return new Graph(
                graph.name(), inputs, graph.outputs(), graph.nodes(), constants, graph.declared(), graph.given());
    }

    private static ValueType type(Tensor tensor) {
        List<Dimension> shape = new ArrayList<>();
        tensor.shape().forEach(extent -> shape.add(new Dimension.Fixed(extent)));
        return new ValueType(DataType.FLOAT32, Optional.of(shape));
    }
}
