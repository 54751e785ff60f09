package io.espalier.engine.run;

import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.run.Trials.Trial;
import io.espalier.events.Events;
import io.espalier.events.v1.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds how many residual blocks are left out before channels are. None, one, two and so on are tried: each time channels are removed
 * down to the same target and weights repaired, and the number is taken with which the outputs for calibration examples deviate least
 * from those of the original. Labels are not used. Used once.
 */
final class DepthTrials {

    /** Numbers in a row that are worse than the best before them, after which no greater one is tried. */
    private static final int PATIENCE = 2;

    private final PruningRequest request;
    private final Shortening shortening;
    private final Measurements measurements;
    private final Events events;
    private final EngineContext context;
    private final List<String> tried = new ArrayList<>();
    private Optional<Remainder> best = Optional.empty();
    private double least;
    private int worse;
    /** Whether blocks alone have met the target. */
    private boolean isMet;

    private Optional<UnreachableTargetException> unreachable = Optional.empty();

    private DepthTrials(
            PruningRequest request,
            Shortening shortening,
            Measurements measurements,
            Events events,
            EngineContext context) {
        this.events = events;
        this.request = request;
        this.shortening = shortening;
        this.measurements = measurements;
        this.context = context;
    }

    /**
     * What is left of a model at the target of a request: without as many blocks as are worth it, where their number depends on the
     * target.
     *
     * @param measurements are told why, where numbers were tried
     * @param events take what is timed on the way
     * @throws UnreachableTargetException when the target can be reached with no number that was tried
     */
    static Remainder rest(
            PruningRequest request,
            Shortening shortening,
            Measurements measurements,
            Events events,
            EngineContext context) {
        return shortening.isFound()
                ? new DepthTrials(request, shortening, measurements, events, context).best()
                : shortening.first();
    }

    private Remainder best() {
        events.emit(WorkMessages.inStep(Work.WORK_TRY));
        Optional<Remainder> next = Optional.of(shortening.first());
        while (next.isPresent() && worse < PATIENCE && !isMet) {
            Remainder rest = next.get();
            // Blocks are compared first: that says clearly why a network cannot be run.
            next = shortening.after(rest);
            attempt(rest);
        }
        if (best.isEmpty()) {
            throw unreachable.orElseThrow();
        }
        best.get().known().latencies().settle();
        measurements.note(best.get().blocks() + " residual blocks are left out before channels: of the numbers that"
                + " were tried this one changes the outputs for calibration examples least (share of their variance, by"
                + " number: " + String.join(", ", tried) + ")");
        return best.get();
    }

    private void attempt(Remainder rest) {
        try {
            Trial trial = trial(rest);
            boolean isBetter = best.isEmpty() || trial.deviation() < least;
            worse = isBetter ? 0 : worse + 1;
            best = isBetter ? Optional.of(rest) : best;
            least = isBetter ? trial.deviation() : least;
            isMet = trial.attempt().decided().removal().isEmpty();
        } catch (UnreachableTargetException e) {
            unreachable = unreachable.or(() -> Optional.of(e));
            tried.add(rest.blocks() + ": cannot be reached");
        }
    }

    private Trial trial(Remainder rest) {
        int number = rest.blocks();
        Measurements quiet = measurements.telling(Events.silent());
        Trials ways = new Trials(request.without(number), rest.analysis(), quiet, rest.known(), events, context);
        Trial trial = context.trying(
                new Attempted("trying to leave out residual blocks", "depth", number + 1, 0, number + " blocks out"),
                ways::carriedOut);
        tried.add(String.format(Locale.ROOT, "%d: %.3f", number, trial.deviation()));
        return trial;
    }
}
