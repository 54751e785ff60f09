package io.espalier.api;

import io.espalier.engine.open.GivenInputs;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.run.SeededContext;
import io.espalier.events.EventSink;
import io.espalier.spi.Stability;
import io.espalier.spi.data.Dataset;
import io.espalier.training.TrainingRequest;
import io.espalier.training.TrainingRun;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Asks for a trained model. Immutable and thread-safe: every method returns a changed request. Names, values and defaults are those
 * of {@code docs/cli.md}.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public final class TrainRequest implements WatchedRequest<TrainRequest> {

    private final Extensions extensions;
    private final Path model;
    private final Settings settings;

    TrainRequest(Extensions extensions, Path model, List<EventSink> sinks) {
        this(extensions, model, new Settings(sinks));
    }

    private TrainRequest(Extensions extensions, Path model, Settings settings) {
        this.extensions = extensions;
        this.model = model;
        this.settings = settings;
    }

    /** What is set; copied before it is changed. */
    private static final class Settings implements Cloneable {

        private Optional<Examples> examples = Optional.empty();
        private Optional<Examples> data = Optional.empty();
        private Map<String, String> dataOptions = Map.of();
        private Optional<Path> preprocessing = Optional.empty();
        private Training training = Training.of(10);
        private boolean resumes;
        private long seed;
        private int threads = RunSettings.PROCESSORS;
        private Map<String, String> journalled = Map.of();
        private List<EventSink> sinks;
        private Cancellation cancellation = new Cancellation();

        private Settings(List<EventSink> sinks) {
            this.sinks = sinks;
        }

        private Settings copy() {
            try {
                return (Settings) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private TrainRequest changed(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new TrainRequest(extensions, model, changed);
    }

    /** What the model is trained on: files that are one set, or parts of files. */
    public TrainRequest examples(List<DataFile> files) {
        return changed(each -> each.examples = Optional.of(Examples.in(files)));
    }

    /** As {@link #examples(List)}, with examples at hand. */
    public TrainRequest examples(Dataset dataset) {
        return changed(each -> each.examples = Optional.of(Examples.of(dataset)));
    }

    /** What measures the file before and after; it takes no part in training. */
    public TrainRequest data(List<DataFile> files) {
        return changed(each -> each.data = Optional.of(Examples.in(files)));
    }

    /** As {@link #data(List)}, with examples at hand. */
    public TrainRequest data(Dataset dataset) {
        return changed(each -> each.data = Optional.of(Examples.of(dataset)));
    }

    /** Options of what reads files of examples. */
    public TrainRequest dataOptions(Map<String, String> options) {
        return changed(each -> each.dataOptions = Map.copyOf(options));
    }

    /** A file of preprocessing, as {@link RunRequest#preprocessing}. */
    public TrainRequest preprocessing(Path file) {
        return changed(each -> each.preprocessing = Optional.of(file));
    }

    /** How it is trained: for 10 epochs, with defaults, unless said otherwise. */
    public TrainRequest training(Training how) {
        return changed(each -> each.training = how);
    }

    /**
     * Goes on from the checkpoint that a training to the same output has left, with the same numbers; begins where there is none. A
     * checkpoint is written after each epoch, and deleted with the last.
     */
    public TrainRequest resume() {
        return changed(each -> each.resumes = true);
    }

    /** Decides the order of examples and everything random: 0 unless said otherwise. */
    public TrainRequest seed(long random) {
        return changed(each -> each.seed = random);
    }

    /** Worker threads; one for each processor unless said otherwise. Their number may change last digits. */
    public TrainRequest threads(int number) {
        return changed(each -> each.threads = number);
    }

    @Override
    public TrainRequest onEvent(EventSink handler) {
        return changed(each -> {
            each.sinks = new ArrayList<>(each.sinks);
            each.sinks.add(handler);
        });
    }

    @Override
    public TrainRequest cancelledBy(Cancellation handle) {
        return changed(each -> each.cancellation = handle);
    }

    @Override
    public TrainRequest journalled(Map<String, String> settings) {
        Map<String, String> copy = Map.copyOf(settings);
        return changed(each -> each.journalled = copy);
    }

    /**
     * Trains and writes the model, with a report and the journal of the run beside it.
     *
     * @param listener hears of each epoch when it has ended
     * @throws EspalierException as {@link Espalier} says
     */
    public TrainResult to(Path output, Consumer<TrainedEpoch> listener) {
        checkOutput(output);
        return Failures.translated(() -> {
            TrainingRun run = new TrainingRun(request(output));
            Runnable detach = settings.cancellation.attach(run::cancel);
            try {
                return TrainResult.of(run.run(epoch -> listener.accept(TrainedEpoch.of(epoch))));
            } finally {
                detach.run();
            }
        });
    }

    private void checkOutput(Path output) {
        List<Path> read = new ArrayList<>(List.of(model));
        read.addAll(settings.training.files());
        files(settings.examples).forEach(each -> read.add(each.file()));
        files(settings.data).forEach(each -> read.add(each.file()));
        for (Path each : read) {
            if (OutputRules.isSame(each, output)) {
                throw InputRefusedException.request(
                        "the output would replace '" + each + "', which the run reads; give another output");
            }
        }
        OutputRules.requireApart(
                files(settings.data), files(settings.examples), "training examples", "what was trained on");
    }

    private static List<DataFile> files(Optional<Examples> examples) {
        return examples.map(Examples::files).orElse(List.of());
    }

    private TrainingRequest request(Path output) {
        Input input = extensions.input(model, GivenInputs.NONE);
        extensions.requireFormat(input.adapter(), output);
        Dataset all = open(
                "train",
                settings.examples.orElseThrow(() -> InputRefusedException.request("nothing says what the model is"
                        + " trained on; give examples (--train on the command line)")));
        Selection.Split split = settings.training.split(all, settings.seed);
        return new TrainingRequest(
                input,
                split.rest(),
                split.heldBack(),
                settings.data.map(each -> open("data", each)),
                Training.metric(extensions),
                settings.training.settings(
                        extensions, Optional.empty(), settings.seed, RunSettings.threads(settings.threads)),
                settings.training.distilling(extensions),
                output,
                settings.resumes,
                trail());
    }

    private Dataset open(String setting, Examples examples) {
        return examples.open(
                setting,
                extensions,
                Shipped.of(settings.preprocessing, Optional.of(model)),
                settings.dataOptions,
                settings.seed,
                new SeededContext(settings.seed, settings.cancellation::isCancelled));
    }

    private Trail trail() {
        return new Trail(
                UUID.randomUUID().toString(),
                "espalier " + Version.CURRENT,
                "train",
                settings.journalled,
                extensions.pluginVersions(),
                Clock.systemUTC(),
                settings.sinks);
    }
}
