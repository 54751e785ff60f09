package io.espalier.engine.search;

import io.espalier.graph.cost.Cost;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A budget that was tried.
 *
 * @param budget what was to remain, in thousandths of the original
 * @param point what came of it; empty when so little cannot remain
 */
public record Trial(int budget, Optional<Point> point) {

    /** The budget of the original. */
    public static final int WHOLE = 1000;

    public Trial {
        if (budget <= 0 || budget >= WHOLE) {
            throw new IllegalArgumentException("a budget of " + budget + " thousandths");
        }
    }

    /**
     * A pruned model that was measured.
     *
     * @param cost what it costs
     * @param nanos what a run of it takes, as the table of latencies predicts; empty where budgets are no latencies
     * @param value what the metric says of it, from 0 to 1
     * @param lossError standard error of what it has lost, measured on the same examples as the original; empty where it is not known
     */
    public record Point(Cost cost, OptionalLong nanos, double value, OptionalDouble lossError) {

        /** A model that was not timed. */
        public Point(Cost cost, double value, OptionalDouble lossError) {
            this(cost, OptionalLong.empty(), value, lossError);
        }

        /** The same model, which takes so long. */
        public Point taking(long time) {
            return new Point(cost, OptionalLong.of(time), value, lossError);
        }

        /** A model of which it is not known how sure the loss is. */
        public Point(Cost cost, double value) {
            this(cost, value, OptionalDouble.empty());
        }
    }

    /**
     * Whether it keeps at least so much, and the examples can show it.
     *
     * @param original the value of the original
     */
    public boolean keeps(double original, double least) {
        return point.filter(each -> each.value() >= least && AccuracyGoal.isShown(each.lossError(), original - least))
                .isPresent();
    }
}
