package io.espalier.engine.loss;

import io.espalier.engine.guard.LossGuard;
import io.espalier.graph.gradient.Differentiable;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Losses;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.Batches;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A differentiable graph with a loss: the mean over the examples of a batch.
 *
 * @param graph the graph, whose only output is the loss
 * @param loss the value that is differentiated
 * @param weights the input that says how much each example counts; empty where the loss is of a whole batch or all count alike
 * @param labels the inputs that labels are fed to
 * @param classes number of classes of such labels
 * @param name name of the loss
 */
public record LossGraph(
        Graph graph,
        String loss,
        Optional<String> weights,
        Map<String, LabelInput> labels,
        Map<String, Long> classes,
        String name) {

    /**
     * Adds a loss to a model that runs on data.
     *
     * @param example a batch of the data, for the extents of the inputs; their first axis stays open
     * @throws InvalidInputException when the loss does not fit the outputs of the model
     */
    public static LossGraph of(Graph original, Operators operators, Batch example, ChosenLoss chosen) {
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        example.inputs().forEach((name, tensor) -> extents.put(name, openFirst(tensor.shape())));
        return of(Differentiable.of(original, extents, operators), operators, Optional.of(example), chosen);
    }

    /**
     * Adds a loss to a model that runs on batches of one size, which rules for gradients make use of.
     *
     * @param example a batch of the data, for the extents of the inputs
     * @throws InvalidInputException when the loss does not fit the outputs of the model
     */
    public static LossGraph ofEqualBatches(Graph original, Operators operators, Batch example, ChosenLoss chosen) {
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        example.inputs().forEach((name, tensor) -> extents.put(name, tensor.shape()));
        return of(Differentiable.of(original, extents, operators), operators, Optional.of(example), chosen);
    }

    /**
     * Adds a loss to a model without data: all examples count alike, and labels are what the loss likes best.
     *
     * @param extents for each input, its extents, -1 for one that stays open
     * @throws InvalidInputException when the loss does not fit the outputs of the model
     */
    public static LossGraph of(
            Graph original, Map<String, List<Long>> extents, Operators operators, ChosenLoss chosen) {
        return of(Differentiable.of(original, extents, operators), operators, Optional.empty(), chosen);
    }

    private static List<Long> openFirst(List<Long> shape) {
        List<Long> open = new ArrayList<>(shape);
        if (!open.isEmpty()) {
            open.set(0, -1L);
        }
        return open;
    }

    private static LossGraph of(Graph form, Operators operators, Optional<Batch> example, ChosenLoss chosen) {
        Shapes shapes = operators.infer(form);
        LossGuard guard = new LossGuard(chosen.loss());
        EngineLossContext context = new EngineLossContext(form, shapes, chosen.options(), example);
        String value = guard.of(context);
        Map<String, ValueType> inputs = new LinkedHashMap<>(form.inputs());
        context.inputs().forEach((name, labels) -> inputs.put(name, labels.type()));
        Graph stated = extended(form, inputs, value, context.nodes(), context.constants());
        Shapes known = operators.infer(stated);
        List<Dim> shape = shape(chosen, guard, known, value, context.nodes());
        Emitter emitter = new Emitter(context.names(), known, "loss");
        boolean whole = shape.stream().allMatch(extent -> extent.is(1));
        Optional<String> weights = whole || example.isEmpty()
                ? Optional.empty()
                : Optional.of(context.names().fresh("loss/weights"));
        String loss = whole ? Losses.total(emitter, value) : Losses.mean(emitter, value, shape.size(), weights);
        weights.ifPresent(name ->
                inputs.put(name, new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Unknown())))));
        Graph graph = extended(stated, inputs, loss, emitter.nodes(), emitter.constants());
        return new LossGraph(
                graph,
                loss,
                weights,
                context.inputs(),
                context.classes(),
                chosen.loss().name());
    }

    private static Graph extended(
            Graph graph, Map<String, ValueType> inputs, String output, List<Node> added, Map<String, Tensor> more) {
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.addAll(added);
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.putAll(more);
        return new Graph(graph.name(), inputs, List.of(output), nodes, constants, graph.declared(), graph.given());
    }

    private static List<Dim> shape(ChosenLoss chosen, LossGuard guard, Shapes known, String value, List<Node> nodes) {
        nodes.stream()
                .map(node -> known.misfit(node.id()))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(reason -> {
                    throw new InvalidInputException(
                            "The loss " + Quoted.name(chosen.loss().name()) + " does not fit the outputs of the model: "
                                    + reason + ".");
                });
        boolean real =
                known.type(value).filter(type -> type == DataType.FLOAT32).isPresent();
        Optional<List<Dim>> shape = known.shape(value);
        guard.require(
                real && shape.isPresent(),
                "it named the loss " + Quoted.name(value) + ", which has no known shape or holds no real numbers",
                "a loss is a real value with an axis of examples, or of one element");
        return shape.orElseThrow();
    }

    /**
     * Checks the labels of data, where they count.
     *
     * @throws InvalidInputException when one is no class of the model
     */
    public void require(Batches data) {
        classes.values().forEach(data::requireClasses);
    }

    /** What the graph is fed with; examples that only fill a batch up do not count. */
    public Map<String, Tensor> inputs(Batch batch) {
        return inputs(batch, 0, batch.size());
    }

    /** What the graph is fed with when one example of a batch alone counts. */
    public Map<String, Tensor> inputs(Batch batch, int row) {
        return inputs(batch, row, row + 1);
    }

    private Map<String, Tensor> inputs(Batch batch, int from, int to) {
        Map<String, Tensor> all = new LinkedHashMap<>(batch.inputs());
        int fed = Math.toIntExact(
                batch.inputs().values().iterator().next().shape().get(0));
        if (weights.isEmpty() && fed > to - from) {
            throw new InvalidInputException("The loss " + Quoted.name(name)
                    + " gives one number for a whole batch, and the model takes batches of " + fed
                    + " examples, not all of which count here; give a multiple of " + fed
                    + " examples and a criterion that scores batches.");
        }
        float[] shares = new float[fed];
        for (int row = from; row < to; row++) {
            shares[row] = 1f / (to - from);
        }
        weights.ifPresent(input -> all.put(input, Tensors.floats(List.of((long) fed), shares)));
        labels.forEach((input, source) -> all.put(input, source.of(batch, fed)));
        return all;
    }
}
