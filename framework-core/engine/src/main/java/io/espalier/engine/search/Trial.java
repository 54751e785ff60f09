package io.espalier.engine.search;

import io.espalier.graph.cost.Cost;
import java.util.Optional;
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
     */
    public record Point(Cost cost, OptionalLong nanos, double value) {

        /** A model that was not timed. */
        public Point(Cost cost, double value) {
            this(cost, OptionalLong.empty(), value);
        }

        /** The same model, which takes so long. */
        public Point taking(long time) {
            return new Point(cost, OptionalLong.of(time), value);
        }
    }

    /** Whether it keeps at least so much. */
    boolean keeps(double least) {
        return point.filter(each -> each.value() >= least).isPresent();
    }
}
