package io.espalier.engine.evidence;

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
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
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
 * A graph with the loss that its parameters are scored by: the cross-entropy of its first output, averaged over the examples of
 * a batch, with the classes of the data or, without labels, with those that the network itself predicts.
 */
final class ScoredLoss {

    private final Graph graph;
    private final String loss;
    private final String weights;
    private final Optional<String> targets;
    private final List<Long> rowShape;
    private final int classes;

    private ScoredLoss(
            Graph graph, String loss, String weights, Optional<String> targets, List<Long> rowShape, int classes) {
        this.graph = graph;
        this.loss = loss;
        this.weights = weights;
        this.targets = targets;
        this.rowShape = rowShape;
        this.classes = classes;
    }

    /**
     * Adds the loss.
     *
     * @param example a batch of the data, for the extents of the inputs; their first axis stays open
     * @throws InvalidInputException when the first output has no classes on its last axis
     */
    static ScoredLoss of(Graph original, Operators operators, Batch example) {
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        example.inputs().forEach((name, tensor) -> extents.put(name, openFirst(tensor.shape())));
        Graph form = Differentiable.of(original, extents, operators);
        Shapes shapes = operators.infer(form);
        String output = form.outputs().get(0);
        List<Dim> shape = shapes.shape(output).orElse(List.of());
        boolean real = shapes.type(output).filter(DataType::isFloating).isPresent();
        Dim last = shape.isEmpty() ? Dim.ONE : shape.get(shape.size() - 1);
        if (!real || shape.size() < 2 || !last.isConstant() || last.is(1)) {
            String type = shapes.type(output).map(DataType::toString).orElse("unknown");
            throw new InvalidInputException(
                    "No loss is known for the first output " + Quoted.name(output) + ", " + type + " of shape " + shape
                            + ": it does not end in scores of classes in real numbers. Choose a criterion that needs no gradients.");
        }
        String logits = Losses.logits(GraphIndex.of(form), output, shape.size()).orElse(output);
        boolean labelled = example.classes().isPresent() && shape.size() == 2;
        return of(form, shapes, logits, shape, labelled);
    }

    private static List<Long> openFirst(List<Long> shape) {
        List<Long> open = new ArrayList<>(shape);
        if (!open.isEmpty()) {
            open.set(0, -1L);
        }
        return open;
    }

    private static ScoredLoss of(Graph form, Shapes shapes, String logits, List<Dim> shape, boolean labelled) {
        FreshNames names = FreshNames.of(form);
        Emitter emitter = new Emitter(names, shapes, "loss");
        Map<String, ValueType> inputs = new LinkedHashMap<>(form.inputs());
        String weights = names.fresh("loss/weights");
        inputs.put(weights, open(shape.size()));
        Optional<String> targets = labelled ? Optional.of(names.fresh("loss/targets")) : Optional.empty();
        targets.ifPresent(name -> inputs.put(name, open(shape.size())));
        String truth = targets.orElseGet(() -> Losses.predicted(emitter, logits));
        String loss = Losses.crossEntropy(emitter, logits, truth, weights);
        List<Node> nodes = new ArrayList<>(form.nodes());
        nodes.addAll(emitter.nodes());
        Map<String, Tensor> constants = new LinkedHashMap<>(form.constants());
        constants.putAll(emitter.constants());
        List<Long> rowShape = shape.subList(1, shape.size() - 1).stream()
                .map(extent -> extent.isConstant() ? extent.constant() : 1L)
                .toList();
        Graph graph = new Graph(form.name(), inputs, List.of(loss), nodes, constants, form.declared(), form.given());
        int classes = Math.toIntExact(shape.get(shape.size() - 1).constant());
        return new ScoredLoss(graph, loss, weights, targets, rowShape, classes);
    }

    private static ValueType open(int rank) {
        List<Dimension> shape = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            shape.add(new Dimension.Unknown());
        }
        return new ValueType(DataType.FLOAT32, Optional.of(shape));
    }

    Graph graph() {
        return graph;
    }

    /** The value that is differentiated. */
    String loss() {
        return loss;
    }

    /**
     * Checks the labels of data, where they count.
     *
     * @throws InvalidInputException when one is no class of the model
     */
    void require(Batches data) {
        if (targets.isPresent()) {
            data.requireClasses(classes);
        }
    }

    /** What the graph is fed with; examples that only fill a batch up do not count. */
    Map<String, Tensor> inputs(Batch batch) {
        Map<String, Tensor> all = new LinkedHashMap<>(batch.inputs());
        int fed = Math.toIntExact(
                batch.inputs().values().iterator().next().shape().get(0));
        all.put(weights, weights(batch.size(), fed));
        targets.ifPresent(name -> all.put(name, targets(batch, fed)));
        return all;
    }

    private Tensor weights(int examples, int fed) {
        long rows = rowShape.stream().reduce(1L, (a, b) -> a * b);
        List<Long> shape = new ArrayList<>(List.of((long) fed));
        rowShape.forEach(each -> shape.add(1L));
        shape.add(1L);
        float[] values = new float[fed];
        for (int row = 0; row < examples; row++) {
            values[row] = 1f / (examples * rows);
        }
        return Tensors.floats(shape, values);
    }

    private Tensor targets(Batch batch, int fed) {
        float[] values = new float[fed * classes];
        long[] given = batch.classes().orElseThrow();
        for (int row = 0; row < batch.size(); row++) {
            values[row * classes + Math.toIntExact(given[row])] = 1;
        }
        return Tensors.floats(List.of((long) fed, (long) classes), values);
    }
}
