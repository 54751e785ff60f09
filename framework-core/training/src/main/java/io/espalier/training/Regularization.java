package io.espalier.training;

import io.espalier.engine.regularize.RegularizedNetwork;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.RunContext;
import java.util.Map;
import java.util.Optional;

/** Lets the regularizer of a training, where there is one, work before each of its cuts, each time anew. Not thread-safe. */
final class Regularization {

    private static final String STATE = "regularizer";

    private final Optional<ChosenRegularizer> chosen;
    private final Cuts cuts;
    private final Pace pace;
    private final boolean goesBack;
    private final RunContext context;
    private Optional<Regularized> worker = Optional.empty();

    /**
     * A regularizer that is not at work yet.
     *
     * @param goesBack whether training goes back after each cut
     * @throws io.espalier.spi.InvalidInputException when there is nothing that it could prepare
     */
    Regularization(Optional<ChosenRegularizer> chosen, Cuts cuts, Pace pace, boolean goesBack, RunContext context) {
        this.chosen = chosen;
        this.cuts = cuts;
        this.pace = pace;
        this.goesBack = goesBack;
        this.context = context;
        chosen.ifPresent(each -> cuts.requirePreparable());
    }

    /**
     * Begins to prepare a network for the next cut.
     *
     * @param from steps that are over
     * @param weights its weights, changed in place
     */
    Optional<Regularized> begin(long from, TrainingNetwork network, Operators operators, Weights weights) {
        worker = chosen.flatMap(each -> cuts.ahead(from, each.target(), goesBack)
                .map(stretch -> Regularized.of(
                        each,
                        RegularizedNetwork.of(network.model(), operators, network.weights(), stretch.target()),
                        weights,
                        pace.course(stretch),
                        context)));
        return worker;
    }

    /** Whether it prepares for a cut. */
    boolean isAtWork() {
        return worker.isPresent();
    }

    /** Ends it: a cut follows. */
    void end() {
        worker.ifPresent(Regularized::end);
        worker = Optional.empty();
    }

    /** Changes weights after an epoch. */
    void endEpoch(int epoch) {
        worker.ifPresent(each -> each.endEpoch(epoch));
    }

    /** Adds what is kept between calls to what a checkpoint holds. */
    void addTo(Map<String, Weights> numbers) {
        worker.ifPresent(each -> numbers.put(STATE, each.state()));
    }

    /**
     * Goes on from a checkpoint.
     *
     * @param epoch how many epochs had ended
     */
    void restore(Map<String, Weights> numbers, int epoch) {
        worker.ifPresent(each -> each.restore(numbers.get(STATE), epoch));
    }
}
