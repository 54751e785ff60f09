package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.latency.CorrectionSearch;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.spi.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The latencies by which all budgets of a search are decided. They are known before the first budget is tried and do not change after,
 * so that the same table gives the same search.
 */
final class SearchLatencies {

    private static final String PHASE = "timing cut networks";

    /** Networks cut so far are timed, for what is predicted of all others. */
    private static final List<Target> TIMED = List.of(Target.parse("latency=75%"), Target.parse("latency=50%"));

    private final PruningRequest request;
    private final Analysis analysis;
    private final KnownScores known;
    private final EngineContext context;

    SearchLatencies(PruningRequest request, Analysis analysis, KnownScores known, EngineContext context) {
        this.request = request;
        this.analysis = analysis;
        this.known = known;
        this.context = context;
    }

    /**
     * The table that was given, else that of the search that this one goes on from, else one that is measured now.
     *
     * @param ways how channels are chosen; the first can be carried out, or the run fails
     */
    LatencyTable of(List<Decision> ways, Optional<LatencyTable> earlier) {
        Latencies latencies = known.latencies();
        if (!latencies.isSettled() && earlier.filter(latencies::settle).isEmpty()) {
            for (int i = 0; i < ways.size(); i++) {
                Decision way = ways.get(i);
                boolean mayFail = i > 0;
                context.trying(new Attempted(PHASE, "way", i + 1, ways.size(), way.way()), () -> {
                    correct(way, mayFail);
                    return way;
                });
            }
            context.progress(PHASE, ways.size(), ways.size());
            latencies.settle();
        }
        return latencies.begin();
    }

    private void correct(Decision way, boolean mayFail) {
        List<Double> corrections = new ArrayList<>();
        try {
            for (Target target : TIMED) {
                correction(way.to(target)).ifPresent(corrections::add);
                corrections.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .ifPresent(mean -> known.latencies().correctAll(way, mean));
            }
        } catch (InvalidInputException e) {
            // A way that cannot be carried out is left out of each trial, which says so.
            if (!mayFail) {
                throw e;
            }
        }
    }

    /** How much more a cut saves than its groups say; empty where so much cannot be cut. */
    private OptionalDouble correction(Decision way) {
        try {
            Decided decided = new Decider(request, analysis, payload -> {}, context, known).decide(way);
            double predicted =
                    (double) decided.reached() / known.latencies().begin().restNanos();
            double share = known.latencies().share(decided.removal());
            return CorrectionSearch.corrected(known.latencies().correction(way), predicted, share);
        } catch (UnreachableTargetException e) {
            return OptionalDouble.empty();
        }
    }
}
