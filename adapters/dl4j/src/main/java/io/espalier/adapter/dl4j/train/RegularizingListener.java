package io.espalier.adapter.dl4j.train;

import io.espalier.adapter.dl4j.Dl4jModels;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import io.espalier.spi.schedule.PruningStep;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Lets a regularizer work on a network while DL4J trains it: on the gradient before each update, on the weights after it, and after
 * each epoch.
 *
 * <p>Before each cut of a schedule the regularizer is started anew for the channels that are left. Set it on the network before {@link
 * PrunedTraining} begins, which takes it over to the smaller network; without cuts it works through {@code fit} as well. The gradient
 * that the regularizer sees is the mean over the batch. Frozen layers are left alone. Serves one training; not thread-safe.
 */
public final class RegularizingListener extends BaseTrainingListener {

    private final List<PruningStep> steps;
    private final double target;
    private final int epochs;
    private final long updates;
    private final NetworkRegularizing regularizing;

    private Optional<Model> bound = Optional.empty();
    private Optional<RegularizerWorker> worker = Optional.empty();
    private FlatWeights places;
    private Map<String, float[]> before = Map.of();
    private Map<String, float[]> gradients = Map.of();
    private long over;
    private long began;
    private long end;
    private long number;

    /**
     * A listener for one training.
     *
     * @param steps the steps of a schedule whose time is counted in epochs; none for a cut after training
     * @param target what remains at the end, as a share of the unpruned network: above 0, below 1
     * @param epochs number of epochs in all, at least 1
     * @param updates how often weights are updated in an epoch, at least 1
     * @param regularizing starts the regularizer
     */
    public RegularizingListener(
            List<PruningStep> steps, double target, int epochs, long updates, NetworkRegularizing regularizing) {
        if (!(target > 0 && target < 1)) {
            throw new IllegalArgumentException("what remains is above 0 and below 1, not " + target);
        }
        if (epochs < 1 || updates < 1) {
            throw new IllegalArgumentException(
                    "a training has at least 1 epoch of at least 1 update, not " + epochs + " of " + updates);
        }
        this.steps = List.copyOf(steps);
        this.target = target;
        this.epochs = epochs;
        this.updates = updates;
        this.regularizing = regularizing;
    }

    @Override
    public void onEpochStart(Model network) {
        if (bound.filter(known -> known == network).isEmpty() || over >= end) {
            bound = Optional.of(network);
            begin(network);
        }
    }

    private void begin(Model network) {
        worker = Optional.empty();
        began = over;
        number = 0;
        end = steps.isEmpty()
                ? epochs
                : steps.stream()
                        .mapToLong(PruningStep::at)
                        .filter(at -> at > over)
                        .findFirst()
                        .orElse(Long.MAX_VALUE);
        double share = remaining(end) / remaining(over);
        if (end <= epochs && share < 1) {
            try (io.espalier.spi.adapter.Model model = Dl4jModels.of(network)) {
                places = new FlatWeights(network, model.graph());
                worker = Optional.of(
                        regularizing.start(model, places.names(), share, updates * (end - began), (int) (end - began)));
            }
        }
    }

    /** What remains of the unpruned network when so many epochs are over. */
    private double remaining(long at) {
        if (steps.isEmpty()) {
            return at == epochs ? target : 1;
        }
        return steps.stream()
                .filter(step -> step.at() <= at)
                .reduce((earlier, later) -> later)
                .map(step -> step.remaining(target))
                .orElse(1.0);
    }

    @Override
    public void onGradientCalculation(Model network) {
        worker.ifPresent(each -> {
            number++;
            INDArray vector = network.getGradientsViewArray();
            // The library divides by the batch when it updates.
            double batch = network.conf().isMiniBatch() ? network.batchSize() : 1;
            before = places.read(network.params(), 1);
            Map<String, float[]> found = places.read(vector, 1 / batch);
            gradients = FlatWeights.copy(found);
            each.addGradient(new RegularizerStep(number, rate(network), before, gradients, Map.of()));
            places.add(vector, found, gradients, batch);
        });
    }

    @Override
    public void iterationDone(Model network, int iteration, int epoch) {
        worker.ifPresent(each -> {
            Map<String, float[]> now = places.read(network.params(), 1);
            Map<String, float[]> weights = FlatWeights.copy(now);
            each.afterStep(new RegularizerStep(
                    number, rate(network), weights, gradients, each.comparesSteps() ? before : Map.of()));
            places.write(network.params(), now, weights);
        });
    }

    @Override
    public void onEpochEnd(Model network) {
        over++;
        worker.ifPresent(each -> {
            Map<String, float[]> now = places.read(network.params(), 1);
            Map<String, float[]> weights = FlatWeights.copy(now);
            each.endEpoch((int) (over - began), weights);
            places.write(network.params(), now, weights);
        });
    }

    /** The learning rate of the first layer that has one. */
    private static double rate(Model network) {
        if (network instanceof MultiLayerNetwork chain) {
            return IntStream.range(0, chain.getnLayers())
                    .mapToObj(chain::getLearningRate)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(1.0);
        }
        ComputationGraph graph = (ComputationGraph) network;
        return Arrays.stream(graph.getLayers())
                .map(layer -> graph.getLearningRate(layer.conf().getLayer().getLayerName()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(1.0);
    }
}
