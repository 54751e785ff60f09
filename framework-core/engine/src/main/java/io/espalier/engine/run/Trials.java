package io.espalier.engine.run;

import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.evaluate.OutputDeviation;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.engine.run.TimedDecider.Attempt;
import io.espalier.engine.surgery.PrunedGraph;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.events.Events;
import io.espalier.events.v1.Work;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tries several ways to decide what is removed: each is carried out and repaired in memory, and the one is taken whose outputs
 * for calibration examples deviate least from those of the original. Labels are not used.
 */
final class Trials {

    /** With 64 a worse way was taken on one network of eight that were measured. */
    private static final int EXAMPLES = 256;

    private static final int BATCH = 32;
    private static final String PHASE = "trying ways to choose channels";

    /** Multiplications and additions of all examples: about a minute for a trial with gradients. */
    private static final long MOST_MACS = 200_000_000_000L;

    private final PruningRequest request;
    private final Analysis analysis;
    private final Measurements measurements;
    private final KnownScores known;
    private final Events events;
    private final EngineContext context;
    /** Trials are no part of what the run reports. */
    private final Events silent;

    /**
     * A way that was carried out.
     *
     * @param attempt what it removes
     * @param deviation of the outputs
     */
    record Trial(Attempt attempt, double deviation) {

        Decision way() {
            return attempt.way();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s: %.3f", way().way(), deviation);
        }
    }

    Trials(
            PruningRequest request,
            Analysis analysis,
            Measurements measurements,
            KnownScores known,
            Events events,
            EngineContext context) {
        this.events = events;
        this.known = known;
        this.request = request;
        this.analysis = analysis;
        this.measurements = measurements;
        this.context = context;
        this.silent = Events.silent();
    }

    /** What the best way decides, or the only one. */
    Decided decided() {
        return best().map(trial -> decider(1).taken(trial.attempt(), events::emit))
                .orElseGet(() -> decider(1).decide(events::emit));
    }

    /** The ways that are tried, the one without which nothing is decided first; a note says why others are not. */
    List<Decision> ways() {
        List<Decision> ways = new ArrayList<>(request.decision().stream().toList());
        if (request.alternatives().isEmpty() || measurements.calibration().isEmpty()) {
            return ways;
        }
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            measurements.note("one way to choose channels was tried only: " + obstacle.get());
            return ways;
        }
        for (Decision way : request.alternatives()) {
            if (solvesTooMuch(way)) {
                measurements.note("the way to choose channels '" + way.way()
                        + "' was left out: weights have so many inputs that it would take minutes");
            } else {
                ways.add(way);
            }
        }
        return ways;
    }

    /** Why ways cannot be compared. */
    private Optional<String> obstacle() {
        long examples =
                Math.min(EXAMPLES, measurements.calibration().orElseThrow().examples());
        if (analysis.costs().total().macs() > MOST_MACS / examples) {
            return Optional.of("the model is too large to try others in little time; docs/recovery.md names them");
        }
        return VerificationOptions.fits(
                        analysis.model().graph(), request.verification().memory())
                ? Optional.empty()
                : Optional.of("the runtime would need more memory for others than the verification may take");
    }

    private Optional<Trial> best() {
        List<Decision> ways = ways();
        if (ways.size() < 2) {
            return Optional.empty();
        }
        events.emit(WorkMessages.inStep(Work.WORK_TRY));
        return best(ways, decider(ways.size())::decide);
    }

    /**
     * The best of some ways; empty when nothing can be compared, which a note says.
     *
     * @param deciding what a way removes
     */
    Optional<Trial> best(List<Decision> ways, Function<Decision, Attempt> deciding) {
        try {
            return best(all(ways, deciding));
        } catch (ExecutionException e) {
            measurements.note("one way to choose channels was tried only: the runtime does not run the neutral graph ("
                    + e.getMessage() + ")");
            return Optional.empty();
        }
    }

    /** The best way, carried out, also where it is the only one. */
    Trial carriedOut() {
        List<Decision> ways = ways();
        return least(all(ways, decider(ways.size())::decide));
    }

    private static Trial least(List<Trial> trials) {
        Trial best = trials.get(0);
        for (Trial each : trials) {
            best = each.deviation() < best.deviation() ? each : best;
        }
        return best;
    }

    private Optional<Trial> best(List<Trial> trials) {
        if (trials.stream().allMatch(each -> Double.isNaN(each.deviation()))) {
            measurements.note("one way to choose channels was tried only: no output of the model varies with the"
                    + " calibration data");
            return Optional.empty();
        }
        Trial best = least(trials);
        measurements.note("of " + trials.size() + " ways to choose channels, '"
                + best.way().way()
                + "' changes the outputs for calibration examples least (share of their variance: "
                + String.join(", ", trials.stream().map(Trial::toString).toList()) + ")");
        return Optional.of(best);
    }

    /** The ways that can be carried out. The first must be able to decide, and one of them to reach the target, or the run fails. */
    private List<Trial> all(List<Decision> ways, Function<Decision, Attempt> deciding) {
        List<Map<String, Tensor>> wanted = outputs(analysis.model().graph());
        List<Trial> trials = new ArrayList<>();
        Optional<UnreachableTargetException> unreachable = Optional.empty();
        for (int i = 0; i < ways.size(); i++) {
            Decision way = ways.get(i);
            try {
                trials.add(context.trying(
                        new Attempted(PHASE, "way", i + 1, ways.size(), way.way()),
                        () -> trial(deciding.apply(way), wanted)));
            } catch (UnreachableTargetException e) {
                unreachable = unreachable.or(() -> Optional.of(e));
                leftOut(way, e);
            } catch (InvalidInputException e) {
                if (i == 0) {
                    throw e;
                }
                leftOut(way, e);
            }
        }
        context.progress(PHASE, ways.size(), ways.size());
        if (trials.isEmpty()) {
            throw unreachable.orElseThrow();
        }
        return trials;
    }

    private void leftOut(Decision way, InvalidInputException e) {
        measurements.note("the way to choose channels '" + way.way() + "' was left out: " + e.getMessage());
    }

    private boolean solvesTooMuch(Decision way) {
        return way.criterion().evidence().contains(Evidence.WEIGHT_INPUTS)
                && SolvingWork.of(
                                analysis.model().graph(),
                                analysis.shapes(),
                                analysis.coupling().operators(),
                                analysis.costs())
                        > MOST_MACS;
    }

    private Trial trial(Attempt attempt, List<Map<String, Tensor>> wanted) {
        return new Trial(attempt, deviation(wanted, outputs(pruned(attempt.decided()))));
    }

    private TimedDecider decider(int ways) {
        return new TimedDecider(request, analysis, context, known, new TimedTrials(events, ways));
    }

    private Graph pruned(Decided decided) {
        Graph original = analysis.model().graph();
        PrunedGraph pruned = Surgery.prune(analysis.graph(), analysis.shapes(), analysis.coupling(), decided.removal());
        Repair repair = request.repair().orElseThrow();
        List<Edit> edits = new Repairs(
                        repair,
                        examples(),
                        request.input().executor(),
                        analysis.coupling().operators(),
                        silent,
                        context,
                        request.threads())
                .edits(original, pruned.graph(), new CutPositions(original, pruned.keptIndices()), RefittedFile.NONE);
        return GraphEdits.apply(pruned.graph(), edits);
    }

    private List<Map<String, Tensor>> outputs(Graph graph) {
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        try (Runner runner = request.input().executor().prepare(graph, Settings.of(Purpose.EVALUATION))) {
            for (Batch batch : examples()) {
                context.checkCancelled();
                outputs.add(Evaluation.withoutPadding(runner.run(batch.inputs()), batch));
            }
        }
        return outputs;
    }

    private Batches examples() {
        return measurements
                .calibration()
                .orElseThrow()
                .with(BatchOptions.of(BATCH).atMost(EXAMPLES));
    }

    private static double deviation(List<Map<String, Tensor>> wanted, List<Map<String, Tensor>> found) {
        OutputDeviation deviation = new OutputDeviation();
        for (int i = 0; i < wanted.size(); i++) {
            deviation.add(wanted.get(i), found.get(i));
        }
        return deviation.value();
    }
}
