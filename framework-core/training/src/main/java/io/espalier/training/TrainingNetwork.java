package io.espalier.training;

import io.espalier.graph.gradient.Differentiable;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.data.Batch;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A network as it is trained: which of its weights change, the graph of a step, and what runs it. After a cut another one takes its
 * place. Not thread-safe.
 *
 * @param model the network, with the weights that it began with
 * @param trainable the weights that change
 * @param graph the graph of a step
 * @param runner runs it
 */
record TrainingNetwork(Graph model, List<TrainableWeight> trainable, StepGraph graph, Runner runner)
        implements AutoCloseable {

    /** @param compaction the network as it is trained; empty for the network as it is */
    static TrainingNetwork of(
            Graph model,
            Optional<Compaction> compaction,
            Operators operators,
            TrainingSettings settings,
            StepGraph.Aim aim,
            GraphExecutor executor) {
        Graph flat = Differentiable.withoutBodies(model, operators);
        List<TrainableWeight> trainable = new ArrayList<>(TrainableWeights.of(flat, operators, settings.trainable()));
        compaction.map(Compaction::trainable).ifPresent(trainable::addAll);
        StepGraph graph = StepGraph.of(
                compaction
                        .map(each -> Differentiable.withoutBodies(each.graph(), operators))
                        .orElse(flat),
                operators,
                trainable.stream().map(TrainableWeight::name).toList(),
                aim);
        Settings training = Settings.of(Purpose.TRAINING).withThreads(settings.threads());
        return new TrainingNetwork(model, trainable, graph, executor.prepare(graph.graph(), training));
    }

    /** Names of the weights. */
    List<String> weights() {
        return trainable.stream().map(TrainableWeight::name).toList();
    }

    /** Names of the running statistics. */
    Collection<String> statistics() {
        return graph.statistics().keySet();
    }

    /**
     * Runs a step.
     *
     * @param taught the same batch with what a teacher says
     * @param numbers weights and statistics
     * @param randomness for a subject, what is drawn for it
     * @return the values of the graph by their names
     */
    Map<String, Tensor> step(
            Batch batch,
            Optional<Batch> taught,
            Map<String, Tensor> numbers,
            Function<String, RandomGenerator> randomness) {
        Map<String, Tensor> all = graph.objective().inputs(batch, taught);
        graph.masks()
                .forEach((mask, share) -> all.put(
                        mask,
                        Masks.of(graph.graph().inputs().get(mask), batch.inputs(), share, randomness.apply(mask))));
        all.putAll(numbers);
        Map<String, Tensor> fed = new LinkedHashMap<>();
        runner.inputs().forEach(name -> fed.put(name, inSinglePrecision(all.get(name))));
        return runner.run(fed);
    }

    private static Tensor inSinglePrecision(Tensor tensor) {
        return tensor.type().isFloating() ? Tensors.converted(tensor, DataType.FLOAT32) : tensor;
    }

    @Override
    public void close() {
        runner.close();
    }
}
