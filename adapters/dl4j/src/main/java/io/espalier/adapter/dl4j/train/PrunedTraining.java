package io.espalier.adapter.dl4j.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Trains a network epoch by epoch and goes on with the smaller network after each cut.
 *
 * <p>Counters, schedules of learning rates and the state of updaters carry on; what a cut leaves is trained as if the rest
 * had never been. The network that is handed in is trained until the first cut and left alone then. Not thread-safe.
 */
public final class PrunedTraining {

    private PrunedTraining() {}

    /**
     * Trains and prunes.
     *
     * @param data is reset before every epoch
     * @param epochs number of epochs in all, the length the steps of the listener were made for
     * @return the network after the last epoch
     */
    public static MultiLayerNetwork fit(
            MultiLayerNetwork network, DataSetIterator data, int epochs, PruningListener listener) {
        return (MultiLayerNetwork) fit((Model) network, data, epochs, listener);
    }

    /**
     * Trains and prunes.
     *
     * @param data is reset before every epoch
     * @param epochs number of epochs in all, the length the steps of the listener were made for
     * @return the network after the last epoch
     */
    public static ComputationGraph fit(
            ComputationGraph network, DataSetIterator data, int epochs, PruningListener listener) {
        return (ComputationGraph) fit((Model) network, data, epochs, listener);
    }

    private static Model fit(Model network, DataSetIterator data, int epochs, PruningListener listener) {
        List<TrainingListener> others = new ArrayList<>(listenersOf(network));
        listener.beforeTraining(network);
        Model current = listener.takeNetwork().orElse(network);
        for (int epoch = 0; epoch < epochs; epoch++) {
            List<TrainingListener> all = new ArrayList<>(others);
            all.add(listener);
            current.setListeners(all.toArray(TrainingListener[]::new));
            data.reset();
            fitOnce(current, data);
            current.setListeners(others.toArray(TrainingListener[]::new));
            current = listener.takeNetwork().orElse(current);
        }
        current.setListeners(others.toArray(TrainingListener[]::new));
        return current;
    }

    private static Collection<TrainingListener> listenersOf(Model network) {
        return network instanceof MultiLayerNetwork chain
                ? chain.getListeners()
                : ((ComputationGraph) network).getListeners();
    }

    private static void fitOnce(Model network, DataSetIterator data) {
        if (network instanceof MultiLayerNetwork chain) {
            chain.fit(data);
        } else {
            ((ComputationGraph) network).fit(data);
        }
    }
}
