package io.espalier.training;

import io.espalier.engine.guard.RegularizerGuard;
import io.espalier.engine.regularize.RegularizedNetwork;
import io.espalier.engine.regularize.RegularizerTask;
import io.espalier.spi.RunContext;
import io.espalier.spi.regularizer.RegularizerStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A regularizer at work on the weights of a training. Not thread-safe. */
final class Regularized {

    private final RegularizerGuard worker;
    private final Map<String, float[]> weights;
    private final Map<String, float[]> previous = new LinkedHashMap<>();
    private final Weights state;
    private final Course course;
    private int ended;

    /**
     * How long a regularizer is at work.
     *
     * @param before updates of the weights before it
     * @param updates how often they are updated with it
     * @param epoch epochs that had ended before it
     * @param epochs how many end with it at work, that in which its work ends included
     */
    record Course(long before, long updates, int epoch, int epochs) {}

    private Regularized(RegularizerGuard worker, Weights weights, Course course) {
        this.worker = worker;
        this.course = course;
        this.weights = weights.byName();
        if (worker.comparesSteps()) {
            this.previous.putAll(weights.copy().byName());
        }
        Map<String, ArrayTensor> kept = new LinkedHashMap<>();
        worker.state().forEach((name, array) -> kept.put(name, new ArrayTensor(List.of((long) array.length), array)));
        this.state = Weights.of(kept);
    }

    /**
     * Starts a regularizer.
     *
     * @param network the channels of the network that is trained
     * @param weights its weights, changed in place
     */
    static Regularized of(
            ChosenRegularizer chosen, RegularizedNetwork network, Weights weights, Course course, RunContext context) {
        RegularizerTask task = new RegularizerTask(
                chosen.regularizer().name(),
                chosen.options(),
                network,
                Math.max(1, course.updates()),
                course.epochs(),
                context);
        return new Regularized(new RegularizerGuard(chosen.regularizer(), task), weights, course);
    }

    /** What is kept between calls, which changes with it. */
    Weights state() {
        return state;
    }

    /** Adds to gradients before an update. */
    void before(long number, double rate, Weights gradients) {
        previous.forEach((name, array) -> System.arraycopy(weights.get(name), 0, array, 0, array.length));
        worker.addGradient(new RegularizerStep(number - course.before(), rate, weights, gradients.byName(), Map.of()));
    }

    /** Changes weights after an update. */
    void after(long number, double rate, Weights gradients) {
        worker.afterStep(new RegularizerStep(number - course.before(), rate, weights, gradients.byName(), previous));
    }

    /** Whether the network is ready for the cut when there have been so many updates. */
    boolean isPrepared(long updates) {
        return worker.isPrepared(updates - course.before());
    }

    /**
     * Changes weights after an epoch.
     *
     * @param epoch how many epochs have ended
     */
    void endEpoch(int epoch) {
        ended = epoch - course.epoch();
        worker.endEpoch(ended, weights);
    }

    /** Changes weights for the last time, where a cut comes before the end of its last epoch. */
    void end() {
        if (ended < course.epochs()) {
            worker.endEpoch(course.epochs(), weights);
        }
    }

    /**
     * Goes on from where it was.
     *
     * @param kept what was kept between calls
     * @param epoch how many epochs had ended
     */
    void restore(Weights kept, int epoch) {
        state.set(kept);
        ended = epoch - course.epoch();
    }
}
