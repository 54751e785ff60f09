package io.espalier.engine.run;

import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.events.EventSink;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Work;
import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.execution.BrokenModelException;
import io.espalier.spi.execution.ExecutionException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A run whose story is told as events: the start first, then what its work emits, and the failure if it fails. Used once; {@link
 * #cancel()} may be called from another thread.
 */
public final class ReportedRun {

    private final Trail trail;
    private final Input input;
    private final long seed;
    private final long start = System.nanoTime();
    private volatile boolean cancelled;

    /**
     * A run that begins now.
     *
     * @param trail who receives its events
     * @param input the model it reads
     * @param seed decides everything random
     */
    public ReportedRun(Trail trail, Input input, long seed) {
        this.trail = trail;
        this.input = input;
        this.seed = seed;
    }

    /** Stops the run soon; it ends with a {@link CancellationException}. */
    public void cancel() {
        cancelled = true;
    }

    /** How long it has taken so far. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** The last event of a run that reached its end; costs are to be added where there are any. */
    public RunFinished.Builder finished() {
        return RunFinished.newBuilder()
                .setElapsed(ResourceUse.duration(elapsed()))
                .setResources(ResourceUse.now());
    }

    /** What the parts of the run are given. */
    public EngineContext context(Events events) {
        return new EngineContext(seed, events, () -> cancelled);
    }

    /**
     * Does work whose events are written to the journal of its results, too.
     *
     * @param work is given where results are prepared, and what takes events
     * @throws OutputException when results cannot be written there
     */
    public <T> T journalled(Outputs outputs, BiFunction<ResultFolder, Events, T> work) {
        outputs.check();
        try (ResultFolder results = ResultFolder.claim(outputs);
                Journal journal = journal(outputs.journal())) {
            return reported(List.of(journal), events -> work.apply(results, events));
        }
    }

    private static Journal journal(Path file) {
        try {
            return Journal.create(file);
        } catch (IOException e) {
            throw new OutputException("The journal " + file + " cannot be written: " + Outputs.reason(e) + ".", e);
        }
    }

    /** Does work that leaves no journal. */
    public <T> T reported(Function<Events, T> work) {
        return reported(List.of(), work);
    }

    private <T> T reported(List<EventSink> additional, Function<Events, T> work) {
        List<EventSink> sinks = new ArrayList<>(additional);
        sinks.addAll(trail.sinks());
        Events events = new Events(trail.runId(), trail.tool(), trail.clock(), sinks);
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
                    "The runtime finds the model " + input.file() + " broken: " + broken.getMessage()
                            + "; fetch or export it again.",
                    broken);
        }
        return failure instanceof ExecutionException
                ? new InvalidInputException(
                        "The runtime refuses the model " + input.file() + ": " + failure.getMessage(), failure)
                : failure;
    }

    private RunStarted started() {
        return RunStarted.newBuilder()
                .setToolVersion(trail.tool())
                .setJavaVersion(System.getProperty("java.version") + " " + System.getProperty("java.vendor"))
                .setOsVersion(System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"))
                .setCommand(trail.command())
                .addAllOptions(DecisionMessages.settings(trail.options()))
                .addAllPlugins(DecisionMessages.settings(trail.plugins()))
                .setSeed(seed)
                .setInput(FileReference.newBuilder().setPath(input.file().toString()))
                .setFramework(input.adapter().name())
                .build();
    }
}
