package io.espalier.api;

import io.espalier.api.Recipe.Choice;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.run.PruningRun;
import io.espalier.events.EventSink;
import io.espalier.events.v1.ProgressReported;
import io.espalier.spi.Stability;
import io.espalier.spi.data.Dataset;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is asked of a run that decides what to remove. Immutable and thread-safe: every method returns a changed request, which
 * may be kept, changed further and run many times. Names, values and defaults are those of {@code docs/cli.md}; whether
 * they make sense is checked when the run begins.
 *
 * @param <R> the kind of request
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public abstract sealed class RunRequest<R extends RunRequest<R>> implements WatchedRequest<R>
        permits PruneRequest, PlanRequest {

    final Extensions extensions;
    final Path model;
    final RunSettings settings;

    RunRequest(Extensions extensions, Path model, RunSettings settings) {
        this.extensions = extensions;
        this.model = model;
        this.settings = settings.of(model);
    }

    abstract R with(RunSettings changed);

    final R changed(Consumer<RunSettings> change) {
        RunSettings changed = settings.copy();
        change.accept(changed);
        return with(changed);
    }

    /** Changes how it is decided what is removed; a plan that is replayed says that itself. */
    private R selected(String name, Consumer<RunSettings> change) {
        return changed(change.andThen(each -> each.selected = each.selected.or(() -> Optional.of(name))));
    }

    /**
     * What remains at most: macs, params, bytes or channels, as a share or an amount, such as {@code macs=50%}; or, to prune, what is
     * kept of the accuracy on the data, such as {@code accuracy=-1}.
     */
    public final R target(String target) {
        return selected("target", each -> each.target = Optional.of(target));
    }

    /**
     * What makes a channel important, by name. This and other settings of the choice that are not given are those of a recipe,
     * which {@code docs/recovery.md} describes: one for a model alone, one for a model with calibration data.
     */
    public final R criterion(String name) {
        return criterion(name, Map.of());
    }

    /** As {@link #criterion(String)}, with options of the criterion. */
    public final R criterion(String name, Map<String, String> options) {
        Choice choice = new Choice(name, Map.copyOf(options));
        return selected("criterion", each -> each.way = each.way.criterion(choice));
    }

    /**
     * What gradients are taken of, for criteria that score by gradients.
     *
     * @param name name of a loss, or a model file that computes one; {@code cross-entropy} unless said otherwise
     */
    public final R loss(String name) {
        return loss(name, Map.of());
    }

    /** As {@link #loss(String)}, with options of the loss. */
    public final R loss(String name, Map<String, String> options) {
        Choice choice = new Choice(name, Map.copyOf(options));
        return selected("loss", each -> each.loss = Optional.of(choice));
    }

    /** How the scores of a coupled channel become one: {@code sum}, {@code mean}, {@code max}, {@code product}. */
    public final R aggregate(String name) {
        return selected("aggregate", each -> each.way = each.way.aggregate(name));
    }

    /**
     * How the scores of a group are made comparable with other groups: {@code mean}, {@code sum}, {@code none},
     * {@code max}, {@code min-max}, {@code standard}.
     */
    public final R normalise(String name) {
        return selected("normalise", each -> each.way = each.way.normalise(name));
    }

    /** Which channels are ranked together, by the name of an allocator. */
    public final R allocator(String name) {
        return allocator(name, Map.of());
    }

    /** As {@link #allocator(String)}, with options of the allocator. */
    public final R allocator(String name, Map<String, String> options) {
        Choice choice = new Choice(name, Map.copyOf(options));
        return selected("allocator", each -> each.way = each.way.allocator(choice));
    }

    /**
     * What scores are replaced by, to see what the choice of channels is worth: {@code none}, or {@code shuffled} within each
     * group, by the seed.
     */
    public final R control(String name) {
        return selected("control", each -> each.control = name);
    }

    /**
     * How many residual blocks are left out before channels are removed: branches with weights that end in a sum. They are
     * chosen one after the other, by what the outputs lose without them for the calibration data, or else for random inputs.
     * Without a target nothing more is removed.
     */
    public final R depth(int blocks) {
        return selected("depth", each -> each.depth = each.depth.blocks(blocks));
    }

    /**
     * Tries how many residual blocks are left out before channels are removed to meet the target, none among them, and takes the number
     * with which the outputs for calibration data change least after the repair. Where the target is an accuracy, numbers are tried for
     * each budget of the search. A plan finds the number, too, and repairs nothing but what is tried.
     */
    public final R depthFound() {
        return selected("depth", each -> each.depth = each.depth.found());
    }

    /** The share of every group that remains at least, from 0 to 1: 0.1 unless said otherwise. One channel always remains. */
    public final R minKeep(double share) {
        return selected("min-keep", each -> each.widths = each.widths.minKeep(share));
    }

    /**
     * How many cuts it takes: 1 unless said otherwise, and as many as the schedule says while a model is trained. Each removes the same
     * share of what it finds, or what the schedule asks for, and its channels are scored on the network that the cut before has left.
     */
    public final R steps(int number) {
        return selected("steps", each -> each.steps = OptionalInt.of(number));
    }

    /**
     * Widths that change become multiples of this. Unless said otherwise they are those the runtime is fast at, as far as a
     * group is wide enough for a choice.
     */
    public final R roundTo(int multiple) {
        return selected("round-to", each -> each.widths = each.widths.roundTo(multiple));
    }

    /**
     * What may be removed of attention heads: {@code whole} heads, the default, channels of all heads alike
     * ({@code size}), or {@code both}.
     */
    public final R heads(String name) {
        return selected("heads", each -> each.heads = name);
    }

    /**
     * Removes nothing of layers whose name matches one of these: the path of the operator or module, or the name of a
     * parameter; {@code *} stands for any characters.
     */
    public final R ignore(String... patterns) {
        return selected("ignore", each -> each.ignore = List.of(patterns));
    }

    /** Removes only channels that a layer computes whose name matches one of these. */
    public final R only(String... patterns) {
        return selected("only", each -> each.only = List.of(patterns));
    }

    /**
     * The table of an earlier run with a latency as its target, {@code OUTPUT.latency.json}: what it says is decided without a clock.
     * It belongs to a model, a runtime, a number of threads and the shapes of the inputs.
     */
    public final R latencyTable(Path file) {
        return selected("latency-table", each -> each.latency = each.latency.table(file));
    }

    /** Threads of the runtime in which the model is timed for a latency as the target: 1 unless said otherwise. */
    public final R latencyThreads(int threads) {
        return selected("latency-threads", each -> each.latency = each.latency.threads(threads));
    }

    /** How long it should take to time the model at several widths, about: two minutes unless said otherwise. */
    public final R latencyTime(Duration time) {
        return selected("latency-time", each -> each.latency = each.latency.time(time));
    }

    /** The seed of everything random: 0 unless said otherwise. */
    public final R seed(long seed) {
        return selected("seed", each -> each.seed = seed);
    }

    /** Extents of symbolic axes for costs and latency, by the name of the axis, at least 1; the others have defaults. */
    public final R extents(Map<String, Long> extents) {
        Map<String, Long> copy = Map.copyOf(extents);
        return copy.isEmpty() ? changed(each -> each.extents = copy) : selected("extents", each -> each.extents = copy);
    }

    /** Values of inputs, by the name of the input; the others are tried with random values. The plan records them. */
    public final R inputs(Map<String, InputValue> values) {
        Map<String, InputValue> copy = Map.copyOf(values);
        return copy.isEmpty() ? changed(each -> each.inputs = copy) : selected("inputs", each -> each.inputs = copy);
    }

    /**
     * Training inputs that criteria score channels on and that weights are repaired with; losses use their labels. A compensator
     * that is given data of its own repairs with that.
     *
     * @param file a file a plug-in can read
     */
    public final R calibration(Path file) {
        return changed(each -> each.calibration = Optional.of(Examples.in(file)));
    }

    /** As {@link #calibration(Path)}, with examples at hand. */
    public final R calibration(Dataset examples) {
        return changed(each -> each.calibration = Optional.of(Examples.of(examples)));
    }

    /**
     * As {@link #calibration(Path)}, with several files as one set, or with parts of files; the file {@code synthetic} stands
     * for inputs made from the model.
     */
    public final R calibration(List<DataFile> files) {
        return changed(each -> each.calibration = Optional.of(Examples.in(files)));
    }

    /**
     * A file of preprocessing that counts where no option of data says otherwise: {@code preprocessor_config.json} of Hugging
     * Face, {@code config.json} of timm, or an object of data options. Readers that do not resize take the scaling only.
     * Without it, such a file beside the model counts; the file {@code none} stands for neither.
     */
    public final R preprocessing(Path file) {
        return changed(each -> each.preprocessing = Optional.of(file));
    }

    /** Options of what reads the files of calibration alone; they count more than {@link #dataOptions}. */
    public final R calibrationOptions(Map<String, String> options) {
        Map<String, String> copy = Map.copyOf(options);
        return changed(each -> each.calibrationOptions = copy);
    }

    /** Options of what reads the files of data and calibration. */
    public final R dataOptions(Map<String, String> options) {
        Map<String, String> copy = Map.copyOf(options);
        return changed(each -> each.dataOptions = copy);
    }

    /** Worker threads: one for each processor unless said otherwise. The result does not depend on it. */
    public final R threads(int threads) {
        return changed(each -> each.threads = threads);
    }

    @Override
    public final R onEvent(EventSink handler) {
        return changed(each -> {
            List<EventSink> sinks = new ArrayList<>(each.sinks);
            sinks.add(handler);
            each.sinks = sinks;
        });
    }

    /** Tells a further listener how far the run has come. */
    public final R onProgress(ProgressListener listener) {
        return onEvent(event -> {
            if (event.hasProgressReported()) {
                ProgressReported progress = event.getProgressReported();
                listener.progress(progress.getPhase(), progress.getDone(), progress.getTotal());
            }
        });
    }

    @Override
    public final R cancelledBy(Cancellation cancellation) {
        return changed(each -> each.cancellation = cancellation);
    }

    @Override
    public final R journalled(Map<String, String> settings) {
        Map<String, String> copy = Map.copyOf(settings);
        return changed(each -> each.journalled = copy);
    }

    /** Who receives the events of a run of this request. */
    final Trail trail(String command) {
        return new Trail(
                UUID.randomUUID().toString(),
                "espalier " + Version.CURRENT,
                command,
                settings.journal(),
                extensions.pluginVersions(),
                Clock.systemUTC(),
                settings.sinks);
    }

    /** Does something with a run that can be cancelled. */
    final <T> T cancellable(PruningRun run, Function<PruningRun, T> work) {
        Runnable detach = settings.cancellation.attach(run::cancel);
        try {
            return work.apply(run);
        } finally {
            detach.run();
        }
    }
}
