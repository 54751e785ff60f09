package io.espalier.engine.run;

import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.PlanFile;
import io.espalier.events.EventSink;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.SavedKind;
import io.espalier.events.v1.Work;
import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.BrokenModelException;
import io.espalier.spi.execution.ExecutionException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * One run of the engine: opens a model, decides what goes, cuts, proves, repairs, measures and saves.
 *
 * <p>Every step is reported as an event. The result is written beside its target and takes its place only after it was
 * proved; whatever fails before leaves existing files as they are, except for the journal. Used once; {@link #cancel()}
 * may be called from another thread.
 */
public final class PruningRun {

    private final PruningRequest request;
    private final long start = System.nanoTime();
    private volatile boolean cancelled;

    public PruningRun(PruningRequest request) {
        this.request = request;
    }

    /** Stops the run soon; it ends with a {@link java.util.concurrent.CancellationException}. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Decides what goes and touches no model. The plan is written to the output, when there is one.
     *
     * @throws InvalidInputException when the input cannot be used
     */
    public PlanResult plan() {
        request.output().ifPresent(Outputs::check);
        return reported(List.of(), events -> {
            EngineContext context = context(events);
            try (Model model = request.input().open(request.input().file(), context)) {
                Analysis analysis = analyse(model, events);
                PruningRequest ready = SyntheticCalibration.made(request, analysis, context);
                Decided decided = new Decider(ready, analysis, events::emit, context).decide();
                request.output().ifPresent(file -> save(decided.plan(), file, events));
                events.emit(RunFinished.newBuilder()
                        .setOriginal(AnalysisMessages.cost(decided.plan().original()))
                        .setPruned(AnalysisMessages.cost(decided.plan().predicted()))
                        .setElapsed(ResourceUse.duration(elapsed()))
                        .setResources(ResourceUse.now())
                        .build());
                return new PlanResult(
                        decided.plan(), decided.digest(), decided.names(), decided.notes(), events.losses());
            }
        });
    }

    private static void save(Plan plan, Path file, Events events) {
        byte[] content = PlanFile.bytes(plan);
        try (ResultFolder results = ResultFolder.claim(Outputs.of(file))) {
            results.add(file, content);
            results.commit();
        }
        events.emit(OutcomeMessages.saved(SavedKind.SAVED_KIND_PLAN, file, content));
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
        outputs.check();
        try (ResultFolder results = ResultFolder.claim(outputs);
                Journal journal = journal(outputs.journal())) {
            return reported(List.of(journal), events -> {
                EngineContext context = context(events);
                try (Model model = request.input().open(request.input().file(), context)) {
                    return prune(model, outputs, results, events, context);
                }
            });
        }
    }

    private PruningReport prune(
            Model model, Outputs outputs, ResultFolder results, Events events, EngineContext context) {
        Analysis analysis = analyse(model, events);
        PruningRequest ready = SyntheticCalibration.made(request, analysis, context);
        Measurements measurements = new Measurements(analysis, ready, events, context);
        Optional<ScheduledPruning> scheduled = ready.scheduled()
                .map(asked -> ScheduledPruning.run(ready, analysis, measurements, outputs, events, context));
        Decided decided = scheduled
                .map(ScheduledPruning::last)
                .orElseGet(() -> decided(ready, analysis, measurements, events, context));
        decided.notes().forEach(measurements::note);
        Pruning pruning =
                new Pruning(ready, analysis, decided, measurements, outputs, results, events, context, scheduled);
        PruningReport report = pruning.run(this::elapsed);
        events.emit(RunFinished.newBuilder()
                .setOriginal(AnalysisMessages.cost(report.original().cost()))
                .setPruned(AnalysisMessages.cost(report.pruned().cost()))
                .setVerification(OutcomeMessages.outcome(report.verification()))
                .setElapsed(ResourceUse.duration(elapsed()))
                .setResources(ResourceUse.now())
                .build());
        return report;
    }

    private static Decided decided(
            PruningRequest request,
            Analysis analysis,
            Measurements measurements,
            Events events,
            EngineContext context) {
        return new Trials(request, analysis, measurements, context)
                .best()
                .map(trial -> trial.emitted(events))
                .orElseGet(new Decider(request, analysis, events::emit, context)::decide);
    }

    private Analysis analyse(Model model, Events events) {
        Analysis.Lifted lifted = Analysis.lift(model, request);
        events.emit(AnalysisMessages.modelLifted(request.input().file(), lifted));
        events.emit(WorkMessages.once(Work.WORK_ANALYSE));
        return Analysis.of(lifted);
    }

    /** Does work and emits its events: the start first, then those of the work, and the failure if it fails. */
    private <T> T reported(List<EventSink> additional, Function<Events, T> work) {
        List<EventSink> sinks = new ArrayList<>(additional);
        sinks.addAll(request.trail().sinks());
        Events events = new Events(
                request.trail().runId(), request.trail().tool(), request.trail().clock(), sinks);
        events.emit(started());
        events.emit(WorkMessages.once(Work.WORK_LIFT));
        try {
            return work.apply(events);
        } catch (RuntimeException e) {
            RuntimeException cause = cancelled ? cancellation(e) : blamed(e);
            events.emit(OutcomeMessages.failed(cause, elapsed()));
            throw cause;
        } catch (Error e) {
            events.emit(OutcomeMessages.failed(e, elapsed()));
            throw e;
        }
    }

    /** Whatever fails once a run was cancelled fails because of that: a runtime that is shut down, for instance. */
    private static CancellationException cancellation(RuntimeException failure) {
        if (failure instanceof CancellationException cancellation) {
            return cancellation;
        }
        CancellationException cancellation = new CancellationException("the run was cancelled");
        cancellation.initCause(failure);
        return cancellation;
    }

    private RuntimeException blamed(RuntimeException failure) {
        if (failure instanceof BrokenModelException broken) {
            return new UnusableGraphException(
                    "The runtime finds the model " + request.input().file() + " broken: " + broken.getMessage()
                            + "; fetch or export it again.",
                    broken);
        }
        return failure instanceof ExecutionException
                ? new InvalidInputException(
                        "The runtime refuses the model " + request.input().file() + ": " + failure.getMessage(),
                        failure)
                : failure;
    }

    private RunStarted started() {
        return RunStarted.newBuilder()
                .setToolVersion(request.trail().tool())
                .setJavaVersion(System.getProperty("java.version") + " " + System.getProperty("java.vendor"))
                .setOsVersion(System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"))
                .setCommand(request.trail().command())
                .addAllOptions(DecisionMessages.settings(request.trail().options()))
                .addAllPlugins(DecisionMessages.settings(request.trail().plugins()))
                .setSeed(seed())
                .setInput(FileReference.newBuilder()
                        .setPath(request.input().file().toString()))
                .setFramework(request.input().adapter().name())
                .build();
    }

    private EngineContext context(Events events) {
        return new EngineContext(seed(), events, () -> cancelled);
    }

    private long seed() {
        return request.decision()
                .map(PruningRequest.Decision::seed)
                .orElseGet(() -> request.replay().orElseThrow().settings().seed());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Journal journal(Path file) {
        try {
            return Journal.create(file);
        } catch (IOException e) {
            throw new OutputException("The journal " + file + " cannot be written: " + Outputs.reason(e) + ".", e);
        }
    }
}
