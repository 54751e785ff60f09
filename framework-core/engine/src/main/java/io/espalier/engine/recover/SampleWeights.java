package io.espalier.engine.recover;

import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.loss.LossGraph;
import io.espalier.engine.task.Feed;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How much each sample of what a weight gives counts: a part all alike, and a part by the square of the gradient of the loss by
 * the outputs of the sample, summed over them and divided by its mean. With the empirical Fisher information in the place of the
 * Hessian this is the second-order change of the loss, once what differs between the outputs of a sample is left out: each output
 * is fitted by itself, so that a factor of an output changes nothing. Immutable and thread-safe.
 */
final class SampleWeights {

    private final double share;
    /** Squared gradients of each node, batch by batch; the axes of its outputs have extent 1. */
    private final Map<String, List<Tensor>> squares;

    private final Map<String, Double> means = new HashMap<>();

    private SampleWeights(double share, Map<String, List<Tensor>> squares) {
        this.share = share;
        this.squares = squares;
        squares.forEach((node, batches) -> means.put(node, mean(batches)));
    }

    /**
     * Measures gradients of the graph before the cut.
     *
     * @param outputs the axes of the first output of each node that do not lie along samples, by its name
     * @param share of the part that follows the gradients
     */
    static SampleWeights of(
            Graph original,
            Operators operators,
            Batches calibration,
            ChosenLoss chosen,
            Map<String, Set<Integer>> outputs,
            GraphExecutor executor,
            Lanes lanes,
            double share) {
        LossGraph loss = LossGraph.of(original, operators, calibration.get(0), chosen);
        loss.require(calibration);
        Set<String> made = new HashSet<>();
        loss.graph().nodes().forEach(node -> made.addAll(node.outputs()));
        List<String> measured = outputs.keySet().stream().filter(made::contains).toList();
        Gradients gradients = Differentiation.of(loss.graph(), operators, loss.loss(), measured);
        Map<String, String> results = new LinkedHashMap<>();
        Graph squared = squared(gradients, outputs, results);
        Map<String, List<Tensor>> squares = new LinkedHashMap<>();
        lanes.forEach(
                calibration.count(),
                () -> executor.prepare(squared, Settings.of(Purpose.EVALUATION)),
                (runner, batch) -> runner.run(Feed.of(runner, loss.inputs(calibration.get(batch)))),
                (batch, found) -> results.forEach((node, result) ->
                        squares.computeIfAbsent(node, each -> new ArrayList<>()).add(found.get(result))));
        return new SampleWeights(share, squares);
    }

    private static Graph squared(Gradients gradients, Map<String, Set<Integer>> outputs, Map<String, String> results) {
        FreshNames names = FreshNames.of(gradients.graph());
        List<Node> nodes = new ArrayList<>(gradients.graph().nodes());
        Map<String, Tensor> constants = new LinkedHashMap<>(gradients.graph().constants());
        gradients.byValue().forEach((node, gradient) -> {
            String axes = names.fresh("axes");
            constants.put(
                    axes,
                    Tensors.vector(outputs.get(node).stream()
                            .mapToLong(Integer::longValue)
                            .sorted()
                            .toArray()));
            String result = names.fresh("squares");
            nodes.add(new Node("", "ReduceSumSquare", List.of(gradient, axes), List.of(result), Map.of()));
            results.put(node, result);
        });
        Graph graph = gradients.graph();
        return new Gradients(
                        new Graph(
                                graph.name(),
                                graph.inputs(),
                                graph.outputs(),
                                nodes,
                                constants,
                                graph.declared(),
                                graph.given()),
                        gradients.byValue())
                .returning(List.copyOf(results.values()));
    }

    private static double mean(List<Tensor> batches) {
        double sum = 0;
        long count = 0;
        for (Tensor batch : batches) {
            for (double each : Tensors.toDoubles(batch)) {
                sum += each;
            }
            count += batch.size();
        }
        return sum / Math.max(1, count);
    }

    /** The weights of the samples of a batch; empty where all count alike. */
    Optional<Tensor> of(String node, int batch) {
        double mean = means.getOrDefault(node, 0.0);
        if (!(mean > 0) || !Double.isFinite(mean)) {
            return Optional.empty();
        }
        Tensor found = squares.get(node).get(batch);
        float[] weights = new float[Math.toIntExact(found.size())];
        Tensors.forEach(found, (i, square) -> weights[(int) i] = (float) (1 - share + share * square / mean));
        return Optional.of(Tensors.floats(found.shape(), weights));
    }
}
