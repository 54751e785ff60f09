package io.espalier.training;

import io.espalier.engine.regularize.RegularizedNetwork;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
        if (goesBack && chosen.filter(each -> each.regularizer().compacts()).isPresent()) {
            throw new InvalidInputException(
                    "The regularizer '"
                            + chosen.get().regularizer().name()
                            + "' trains matrices that are merged before a cut, so that training cannot go back behind it; leave --rewind out.");
        }
    }

    /**
     * What comes before the next cut.
     *
     * @param stretch the way to it
     * @param channels the channels that it can take
     * @param compaction the network as it is trained on that way, where the regularizer asks for compactors
     */
    record Ahead(Cuts.Stretch stretch, RegularizedNetwork channels, Optional<Compaction> compaction) {}

    /**
     * Looks at the way to the next cut.
     *
     * @param from steps that are over
     * @return empty when there is nothing to prepare for
     */
    Optional<Ahead> ahead(long from, TrainingNetwork network, Operators operators) {
        return chosen.flatMap(each -> cuts.ahead(from, each.target(), goesBack).map(stretch -> {
            RegularizedNetwork channels =
                    RegularizedNetwork.of(network.model(), operators, network.weights(), stretch.target());
            if (!each.regularizer().compacts()) {
                return new Ahead(stretch, channels, Optional.empty());
            }
            Set<String> numbers = new HashSet<>(network.weights());
            numbers.addAll(network.statistics());
            Compaction compaction = Compaction.of(network.model(), operators, channels, numbers);
            return new Ahead(stretch, compaction.channels(), Optional.of(compaction));
        }));
    }

    /**
     * Begins to prepare a network for the next cut.
     *
     * @param weights its weights, changed in place
     */
    Regularized begin(Ahead ahead, Weights weights) {
        Regularized begun =
                Regularized.of(chosen.orElseThrow(), ahead.channels(), weights, pace.course(ahead.stretch()), context);
        worker = Optional.of(begun);
        return begun;
    }

    /** Whether it prepares for a cut. */
    boolean isAtWork() {
        return worker.isPresent();
    }

    /** Whether the network is ready for a cut when so many steps are over. */
    boolean isPrepared(long over) {
        return worker.isEmpty() || worker.get().isPrepared(pace.updates(over));
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
