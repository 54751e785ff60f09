package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.run.PruningRequest.Search;
import io.espalier.engine.search.Trial;
import io.espalier.events.Events;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out budgets of a search: decides, cuts, repairs, trains and measures, and keeps nothing but the figures. */
final class BudgetTrials {

    private final PruningRequest request;
    private final Shortening shortening;
    private final Measurements measurements;
    private final Outputs outputs;
    private final ResultFolder results;
    private final EngineContext context;
    /** What a trial does is no part of what the run reports. */
    private final Events silent;

    private final Map<Integer, Double> importance = new HashMap<>();

    BudgetTrials(
            PruningRequest request,
            Shortening shortening,
            Measurements measurements,
            Outputs outputs,
            ResultFolder results,
            EngineContext context) {
        this.request = request;
        this.shortening = shortening;
        this.outputs = outputs;
        this.results = results;
        this.context = context;
        this.silent = Events.silent();
        this.measurements = measurements;
    }

    /**
     * What comes of a budget; empty when so little cannot remain.
     *
     * @param number which trial it is, from 1
     */
    Optional<Trial.Point> of(int budget, int number) {
        Search search = request.search().orElseThrow();
        return context.trying(
                new Attempted("trying budgets", "trial", number, search.maxTrials(), search.targetOf(budget)),
                () -> of(budget));
    }

    private Optional<Trial.Point> of(int budget) {
        PruningRequest budgeted = request.to(target(budget));
        Measurements quiet = measurements.telling(silent);
        try {
            Remainder rest = DepthTrials.rest(budgeted, shortening, quiet, silent, context);
            PruningRequest asked = budgeted.without(rest.blocks());
            Analysis analysis = rest.analysis();
            Decided decided = new Trials(asked, analysis, quiet, rest.known(), silent, context).decided();
            Trial.Point point = new Pruning(
                            asked, analysis, decided, quiet, outputs, results, silent, context, Optional.empty())
                    .trial();
            return Optional.of(isTimed() ? point.taking(decided.reached()) : point);
        } catch (UnreachableTargetException e) {
            return Optional.empty();
        }
    }

    /**
     * The latencies that budgets are decided by; empty where they are shares of something else.
     *
     * @param earlier those of a search with the same settings, to go on with
     */
    Optional<LatencyTable> latencies(Optional<LatencyTable> earlier) {
        if (!isTimed()) {
            return Optional.empty();
        }
        Analysis analysis = shortening.first().analysis();
        KnownScores known = shortening.first().known();
        List<Decision> ways =
                new Trials(request, analysis, measurements.telling(silent), known, silent, context).ways();
        return Optional.of(new SearchLatencies(request, analysis, known, context).of(ways, earlier));
    }

    private boolean isTimed() {
        return request.search().orElseThrow().minimized() == Target.Metric.LATENCY;
    }

    /** The share of all importance that a budget removes of channels, from 0 to 1: all of it, where the budget cannot be reached. */
    double removedImportance(int budget) {
        return importance.computeIfAbsent(budget, this::importance);
    }

    private double importance(int budget) {
        if (budget >= Trial.WHOLE) {
            return 0;
        }
        PruningRequest asked = request.to(target(Math.max(1, budget)));
        try {
            Remainder rest = shortening.first();
            return new Decider(asked, rest.analysis(), payload -> {}, context, rest.known())
                    .removedImportance(asked.decision().orElseThrow());
        } catch (UnreachableTargetException e) {
            return 1;
        }
    }

    private Target target(int budget) {
        return Target.parse(request.search().orElseThrow().targetOf(budget));
    }
}
