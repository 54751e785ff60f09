package io.espalier.adapter.dl4j.train;

import io.espalier.adapter.dl4j.Dl4jModels;
import io.espalier.spi.schedule.PruningStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * Carries out the steps of a schedule while a network is trained; the schedule counts epochs.
 *
 * <p>DL4J cannot resize a network within {@code fit}. So the listener waits for the end of an epoch, prunes a copy of the
 * network with the state of its updaters, and keeps it: {@link #takeNetwork()} hands it over once {@code fit} has
 * returned. {@link PrunedTraining} does that, and is the way to use this class. Serves one training; not thread-safe.
 */
public final class PruningListener extends BaseTrainingListener {

    private final List<PruningStep> steps;
    private final double target;
    private final NetworkPruning pruning;

    private int next;
    private long epochs;
    private double remaining = 1;
    private Optional<Model> smaller = Optional.empty();

    /**
     * A listener for one training.
     *
     * @param steps the steps of a schedule whose time is counted in epochs
     * @param target what remains at the end, as a share of the unpruned network: above 0, below 1
     * @param pruning what prunes
     */
    public PruningListener(List<PruningStep> steps, double target, NetworkPruning pruning) {
        if (!(target > 0 && target < 1)) {
            throw new IllegalArgumentException("what remains is above 0 and below 1, not " + target);
        }
        this.steps = List.copyOf(steps);
        this.target = target;
        this.pruning = pruning;
    }

    /** Carries out the steps that come before training. */
    public void beforeTraining(Model network) {
        pruneIfDue(network, 0);
    }

    @Override
    public void onEpochEnd(Model network) {
        epochs++;
        // DL4J counts the epoch only after it has called its listeners.
        pruneIfDue(network, 1);
    }

    private void pruneIfDue(Model network, int epochsNotCounted) {
        while (next < steps.size() && steps.get(next).at() <= epochs) {
            double wanted = steps.get(next).remaining(target);
            // Shares are of the unpruned network, the network at hand is already smaller.
            double share = wanted / remaining;
            if (share < 1) {
                Model before = smaller.orElse(network);
                smaller = Optional.of(
                        Dl4jModels.pruned(before, (Path input, Path output) -> pruning.prune(input, output, share)));
                setEpochs(smaller.get(), epochsOf(network) + epochsNotCounted);
                remaining = wanted;
            }
            next++;
        }
    }

    private static int epochsOf(Model network) {
        return network instanceof MultiLayerNetwork chain
                ? chain.getEpochCount()
                : ((ComputationGraph) network).getEpochCount();
    }

    private static void setEpochs(Model network, int count) {
        if (network instanceof MultiLayerNetwork chain) {
            chain.setEpochCount(count);
        } else {
            ((ComputationGraph) network).getConfiguration().setEpochCount(count);
        }
    }

    /** The network that the last cut made, if there was one since this was asked last; training goes on with it. */
    public Optional<Model> takeNetwork() {
        Optional<Model> taken = smaller;
        smaller = Optional.empty();
        return taken;
    }

    /** Whether all steps have been carried out. */
    public boolean isDone() {
        return next == steps.size();
    }
}
