package io.espalier.engine.run;

import com.google.protobuf.Message;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.latency.CorrectionSearch;
import io.espalier.engine.latency.LatencyFile;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.run.PruningRequest.Decision;
import io.espalier.spi.RunContext;
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

    private static final int MOST_DECISIONS = 6;

    private final PruningRequest request;
    private final Analysis analysis;
    private final RunContext context;
    private final KnownScores known;

    TimedDecider(PruningRequest request, Analysis analysis, RunContext context, KnownScores known) {
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
                .map(decision -> taken(decide(decision), events))
                .orElseGet(new Decider(request, analysis, events, context, known)::decide);
    }

    /** Decides in one of several ways, which may all be timed before one is taken. */
    Attempt decide(Decision way) {
        return isTimed(way) && !known.latencies().isSettled() ? timed(way) : attempt(way);
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
            double share = latencies.share(next.decided().removal());
            shares.add(String.format(
                    Locale.ROOT, "%.1f%%", 100 * share * table.rest().share()));
            search.add(next, next.decided().reached() / nanos, share);
            if (search.isNear() || shares.size() == MOST_DECISIONS) {
                break;
            }
            context.progress("meeting the latency", shares.size(), MOST_DECISIONS);
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
