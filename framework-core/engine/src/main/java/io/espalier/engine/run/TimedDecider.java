package io.espalier.engine.run;

import com.google.protobuf.Message;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.latency.CorrectionSearch;
import io.espalier.engine.latency.LatencyFile;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.events.v1.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides; where the target is a latency, the cut network is timed, what was predicted is corrected by it, and it is decided again until
 * the time is near the target. With a table that was given nothing is timed.
 */
final class TimedDecider {

    private final PruningRequest request;
    private final Analysis analysis;
    private final EngineContext context;
    private final KnownScores known;
    private final TimedTrials trials;

    TimedDecider(
            PruningRequest request, Analysis analysis, EngineContext context, KnownScores known, TimedTrials trials) {
        this.trials = trials;
        this.request = request;
        this.analysis = analysis;
        this.context = context;
        this.known = known;
    }

    /**
     * A decision that may be taken.
     *
     * @param way how it was decided
     * @param payloads of the events that tell how
     */
    record Attempt(Decision way, Decided decided, List<Message> payloads) {}

    /** What the request asks for. */
    Decided decide(Consumer<Message> events) {
        return request.decision()
                .map(decision -> alone(decision, events))
                .orElseGet(new Decider(request, analysis, events, context, known)::decide);
    }

    private Decided alone(Decision way, Consumer<Message> events) {
        if (isMeasured(way)) {
            events.accept(WorkMessages.inStep(Work.WORK_TRY));
        }
        return taken(decide(way), events);
    }

    /** Decides in one of several ways, which may all be timed before one is taken. */
    Attempt decide(Decision way) {
        return isMeasured(way) ? timed(way) : attempt(way);
    }

    /** Takes a decision: its plan names the table of latencies as it is now. */
    Decided taken(Attempt attempt, Consumer<Message> events) {
        Decided decided = isTimed(attempt.way())
                ? attempt.decided().timedBy(LatencyFile.digest(known.latencies().begin()))
                : attempt.decided();
        attempt.payloads().forEach(events);
        events.accept(DecisionMessages.planned(decided));
        return decided;
    }

    private boolean isMeasured(Decision way) {
        return isTimed(way) && !known.latencies().isSettled();
    }

    private static boolean isTimed(Decision way) {
        return way.target().metric() == Target.Metric.LATENCY;
    }

    private Attempt attempt(Decision way) {
        List<Message> payloads = new ArrayList<>();
        return new Attempt(way, new Decider(request, analysis, payloads::add, context, known).decide(way), payloads);
    }

    private Attempt timed(Decision way) {
        Latencies latencies = known.latencies();
        Attempt next = attempt(way);
        LatencyTable table = latencies.begin();
        double nanos = table.restNanos();
        CorrectionSearch<Attempt> search =
                new CorrectionSearch<>(way.target().limit(table.nanos()) / nanos, latencies.correction(way));
        List<String> shares = new ArrayList<>();
        while (true) {
            double share = share(next, shares.size() + 1);
            shares.add(String.format(
                    Locale.ROOT, "%.1f%%", 100 * share * table.rest().share()));
            search.add(next, next.decided().reached() / nanos, share);
            trials.ended(way, next.decided(), table.nanos(), Math.round(share * nanos), search.isMet(share));
            if (search.isNear() || shares.size() == TimedTrials.MOST) {
                break;
            }
            latencies.correct(way, search.correction());
            Optional<Attempt> again = again(way, search);
            if (again.isEmpty()) {
                break;
            }
            next = again.get();
        }
        if (search.isMissed()) {
            throw new UnreachableTargetException(String.format(
                    Locale.ROOT,
                    "Cut networks were timed to meet %s, and the fastest took %.1f%% of the original's time: what groups of channels save"
                            + " one by one they do not save together. Ask for more time, or measure on a quieter machine.",
                    way.target(),
                    100 * search.bestShare() * table.rest().share()));
        }
        latencies.correct(way, search.bestCorrection());
        latencies.note("to meet " + way.target() + ", cut networks were timed: " + String.join(", ", shares)
                + " of the original's time");
        return search.best();
    }

    private double share(Attempt attempt, int number) {
        return context.trying(
                new Attempted(
                        "meeting the latency",
                        "cut",
                        number,
                        TimedTrials.MOST,
                        attempt.way().target().text()),
                () -> known.latencies().share(attempt.decided().removal()));
    }

    /** Another decision; none when it asks for too much, and one before it meets the target. */
    private Optional<Attempt> again(Decision way, CorrectionSearch<Attempt> search) {
        try {
            return Optional.of(attempt(way));
        } catch (UnreachableTargetException e) {
            if (search.isMet()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
