package io.espalier.training;

import io.espalier.engine.guard.OptimizerGuard;
import io.espalier.engine.run.NetworkCut;
import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets weights follow gradients: adds up those of several batches, limits their length, and applies the optimizer. Not thread-safe. */
final class Updates {

    private final TrainingSettings settings;
    private final List<TrainableWeight> trainable;
    private final OptimizerGuard optimizer;
    private final Weights weights;
    private final Map<String, Weights> state = new LinkedHashMap<>();
    private final Weights sums;
    private Optional<Regularized> regularized = Optional.empty();
    private int batches;
    private long steps;

    /**
     * Updates of some weights, whose state begins with zeros.
     *
     * @param weights the weights, changed in place
     */
    Updates(TrainingSettings settings, List<TrainableWeight> trainable, Weights weights) {
        this(settings, trainable, weights, weights.zeros());
        optimizer.state(settings.optimizer().options()).forEach(name -> state.put(name, weights.zeros()));
    }

    private Updates(TrainingSettings settings, List<TrainableWeight> trainable, Weights weights, Weights sums) {
        this.settings = settings;
        this.trainable = trainable;
        this.weights = weights;
        this.optimizer = new OptimizerGuard(settings.optimizer().optimizer());
        this.sums = sums;
    }

    /**
     * The updates of a network that was cut: what is kept of each weight, and gradients added up so far, are those of the weights
     * that are left.
     *
     * @param left the weights that are left, changed in place
     */
    Updates cut(NetworkCut cut, List<TrainableWeight> trained, Weights left) {
        Updates updates = new Updates(settings, trained, left, sums.cut(cut, left.names()));
        state.forEach((name, kept) -> updates.state.put(name, kept.cut(cut, left.names())));
        updates.batches = batches;
        updates.steps = steps;
        return updates;
    }

    /** Lets a regularizer take part in every update from now on. */
    void regularizedBy(Optional<Regularized> worker) {
        regularized = worker;
    }

    /** What is kept of each weight, by name. */
    Map<String, Weights> state() {
        return state;
    }

    /** How many steps were made. */
    long steps() {
        return steps;
    }

    /** Says how many steps were made before. */
    void continueAfter(long before) {
        steps = before;
    }

    /** Takes in the gradient of a batch. */
    void add(String weight, Tensor gradient) {
        ArrayTensor.add(gradient, sums.get(weight));
    }

    /**
     * Ends a batch.
     *
     * @param rate the learning rate
     * @return whether the weights have changed
     */
    boolean endBatch(double rate) {
        batches++;
        if (batches < settings.accumulate()) {
            return false;
        }
        scale();
        steps++;
        regularized.ifPresent(each -> each.before(steps, rate, sums));
        for (TrainableWeight weight : trainable) {
            List<float[]> kept = new ArrayList<>();
            state.values().forEach(each -> kept.add(each.get(weight.name())));
            double decay = weight.decays() ? settings.decay() : 0;
            OptimizerStep step = new OptimizerStep(settings.optimizer().options(), steps, rate, decay);
            optimizer.update(weights.get(weight.name()), sums.get(weight.name()), kept, step);
        }
        regularized.ifPresent(each -> each.after(steps, rate, sums));
        clear();
        return true;
    }

    /** Forgets gradients of an epoch that ended between two steps. */
    void clear() {
        sums.arrays().forEach(each -> Arrays.fill(each, 0));
        batches = 0;
    }

    /** Makes means of sums, no longer than allowed. */
    private void scale() {
        double factor = 1.0 / batches;
        double length = factor * length();
        if (settings.clip() > 0 && length > settings.clip()) {
            factor *= settings.clip() / length;
        }
        if (factor != 1) {
            float by = (float) factor;
            for (float[] sum : sums.arrays()) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] *= by;
                }
            }
        }
    }

    /** The length of the gradient of all weights together. */
    private double length() {
        double squares = 0;
        if (settings.clip() > 0) {
            for (float[] sum : sums.arrays()) {
                for (float each : sum) {
                    squares += (double) each * each;
                }
            }
        }
        return Math.sqrt(squares);
    }
}
