package io.espalier.engine.run;

import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.run.Trials.Trial;
import io.espalier.events.Events;
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
    private final Analysis whole;
    private final Measurements measurements;
    private final EngineContext context;
    private final List<String> tried = new ArrayList<>();
    private Optional<Analysis> best = Optional.empty();
    private double least;
    private int worse;
    /** Whether blocks alone have met the target. */
    private boolean isMet;

    private Optional<UnreachableTargetException> unreachable = Optional.empty();

    DepthTrials(PruningRequest request, Analysis whole, Measurements measurements, EngineContext context) {
        this.request = request;
        this.whole = whole;
        this.measurements = measurements;
        this.context = context;
    }

    /**
     * What is left of the model without as many blocks as are worth it.
     *
     * @throws UnreachableTargetException when the target can be reached with no number that was tried
     */
    Analysis best() {
        BlockDecider blocks = new BlockDecider(request, whole, context);
        Optional<Analysis> next = Optional.of(whole);
        while (next.isPresent() && worse < PATIENCE && !isMet) {
            Analysis rest = next.get();
            // Blocks are compared first: that says clearly why a network cannot be run.
            next = blocks.next(rest);
            attempt(rest);
        }
        if (best.isEmpty()) {
            throw unreachable.orElseThrow();
        }
        measurements.note(
                best.get().blocks().size() + " residual blocks are left out before channels: of the numbers that"
                        + " were tried this one changes the outputs for calibration examples least (share of their variance, by"
                        + " number: " + String.join(", ", tried) + ")");
        return best.get();
    }

    private void attempt(Analysis rest) {
        try {
            Trial trial = trial(rest);
            boolean isBetter = best.isEmpty() || trial.deviation() < least;
            worse = isBetter ? 0 : worse + 1;
            best = isBetter ? Optional.of(rest) : best;
            least = isBetter ? trial.deviation() : least;
            isMet = trial.attempt().decided().removal().isEmpty();
        } catch (UnreachableTargetException e) {
            unreachable = unreachable.or(() -> Optional.of(e));
            tried.add(rest.blocks().size() + ": cannot be reached");
        }
    }

    private Trial trial(Analysis rest) {
        int number = rest.blocks().size();
        context.progress("trying to leave out residual blocks", number, number + 1L);
        Events silent = Events.silent();
        Trial trial = new Trials(
                        request.without(number), rest, measurements.telling(silent), new KnownScores(), context)
                .carriedOut();
        tried.add(String.format(Locale.ROOT, "%d: %.3f", number, trial.deviation()));
        return trial;
    }
}
