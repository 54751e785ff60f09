package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.latency.LatencyFile;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.search.SearchRecord;
import io.espalier.events.Events;
import io.espalier.events.v1.SavedKind;
import io.espalier.events.v1.Work;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One run of the engine: opens a model, decides what goes, cuts, proves, repairs, measures and saves.
 *
 * <p>Every step is reported as an event. The result is written beside its target and takes its place only after it was
 * proved; whatever fails before leaves existing files as they are, except for the journal. Used once; {@link #cancel()}
 * may be called from another thread.
 */
public final class PruningRun {

    private final PruningRequest request;
    private final ReportedRun run;

    public PruningRun(PruningRequest request) {
        this.request = request;
        this.run = new ReportedRun(request.trail(), request.input(), seed(request));
    }

    /** Stops the run soon; it ends with a {@link java.util.concurrent.CancellationException}. */
    public void cancel() {
        run.cancel();
    }

    /**
     * Decides what goes and touches no model. The plan is written to the output, when there is one.
     *
     * @throws InvalidInputException when the input cannot be used
     */
    public PlanResult plan() {
        request.output().ifPresent(Outputs::check);
        return run.reported(events -> {
            EngineContext context = run.context(events);
            try (Model model = request.input().open(request.input().file(), context)) {
                Analysis analysis = analyse(model, events);
                PruningRequest ready = SyntheticCalibration.made(request, analysis, context);
                Measurements measurements = new Measurements(analysis, ready, events, context);
                Remainder rest =
                        DepthTrials.rest(ready, Shortening.of(ready, analysis, context), measurements, events, context);
                Latencies latencies = rest.known().latencies();
                Decided decided = new TimedDecider(
                                ready.without(rest.blocks()),
                                rest.analysis(),
                                context,
                                rest.known(),
                                new TimedTrials(events, 1))
                        .decide(events::emit);
                request.output().ifPresent(file -> save(decided.plan(), latencies.table(), file, events));
                events.emit(run.finished()
                        .setOriginal(AnalysisMessages.cost(decided.plan().original()))
                        .setPruned(AnalysisMessages.cost(decided.plan().predicted()))
                        .build());
                return new PlanResult(
                        decided.plan(),
                        decided.digest(),
                        decided.names(),
                        Stream.of(measurements.notes(), decided.notes(), latencies.notes())
                                .flatMap(List::stream)
                                .toList(),
                        events.losses());
            }
        });
    }

    private static void save(Plan plan, Optional<LatencyTable> times, Path file, Events events) {
        byte[] content = PlanFile.bytes(plan);
        Outputs outputs = Outputs.of(file);
        try (ResultFolder results = ResultFolder.claim(outputs)) {
            results.add(file, content);
            times.ifPresent(table -> results.add(outputs.latency(), LatencyFile.bytes(table)));
            results.commit();
        }
        events.emit(OutcomeMessages.saved(SavedKind.SAVED_KIND_PLAN, file, content));
        times.ifPresent(table -> events.emit(OutcomeMessages.saved(
                SavedKind.SAVED_KIND_LATENCY_TABLE, outputs.latency(), LatencyFile.bytes(table))));
    }

    /**
     * Prunes a model.
     *
     * @throws InvalidInputException when the input cannot be used, the target cannot be reached, or the output cannot be
     *     written
     * @throws VerificationFailedException when the result could not be proved; it is not written
     */
    public PruningReport prune() {
        Outputs outputs = Outputs.of(request.output()
                .orElseThrow(() -> new InvalidInputException("Pruning needs an output; name the file to write.")));
        return run.journalled(outputs, (results, events) -> {
            EngineContext context = run.context(events);
            try (Model model = request.input().open(request.input().file(), context)) {
                return prune(model, outputs, results, events, context);
            }
        });
    }

    private PruningReport prune(
            Model model, Outputs outputs, ResultFolder results, Events events, EngineContext context) {
        Analysis whole = analyse(model, events);
        PruningRequest calibrated = SyntheticCalibration.made(request, whole, context);
        Measurements measurements = new Measurements(whole, calibrated, events, context);
        Shortening shortening = Shortening.of(calibrated, whole, context);
        Optional<SearchRecord> found = calibrated.search().map(search -> {
            BudgetTrials trials = new BudgetTrials(calibrated, shortening, measurements, outputs, results, context);
            return new AccuracySearch(calibrated, whole, measurements, outputs, results, events, run::elapsed)
                    .found(trials);
        });
        PruningRequest budgeted = found.flatMap(SearchRecord::chosen)
                .map(point -> calibrated.to(Target.parse(point.target())))
                .orElse(calibrated);
        Remainder rest = DepthTrials.rest(budgeted, shortening, measurements, events, context);
        Analysis analysis = rest.analysis();
        Latencies latencies = rest.known().latencies();
        PruningRequest ready = budgeted.without(rest.blocks());
        Optional<ScheduledPruning> scheduled = ready.scheduled()
                .map(course -> ScheduledPruning.run(ready, analysis, measurements, outputs, events, context));
        Decided decided = scheduled
                .map(ScheduledPruning::last)
                .orElseGet(() -> new Trials(ready, analysis, measurements, rest.known(), events, context).decided());
        decided.notes().forEach(measurements::note);
        latencies.notes().forEach(measurements::note);
        Pruning pruning =
                new Pruning(ready, analysis, decided, measurements, outputs, results, events, context, scheduled);
        PruningReport report = pruning.run(found, latencies.table(), run::elapsed);
        events.emit(run.finished()
                .setOriginal(AnalysisMessages.cost(report.original().cost()))
                .setPruned(AnalysisMessages.cost(report.pruned().cost()))
                .setVerification(OutcomeMessages.outcome(report.verification()))
                .build());
        return report;
    }

    private Analysis analyse(Model model, Events events) {
        Analysis.Lifted lifted = Analysis.lift(model, request);
        events.emit(AnalysisMessages.modelLifted(request.input().file(), lifted));
        events.emit(WorkMessages.once(Work.WORK_ANALYSE));
        return Analysis.of(lifted);
    }

    private static long seed(PruningRequest request) {
        return request.decision()
                .map(Decision::seed)
                .orElseGet(() -> request.replay().orElseThrow().settings().seed());
    }
}
