package io.espalier.api;

import io.espalier.events.EventLoss;
import io.espalier.events.EventSink;
import io.espalier.events.v1.PruningEvent;
import io.espalier.host.PluginHost;
import io.espalier.spi.Budget;
import io.espalier.spi.Stability;
import io.espalier.spi.provider.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Espalier for programs: the plug-ins at hand, and what can be asked of them.
 *
 * <p>Opened once, used for any number of requests from any number of threads, and closed when the last has ended. Nothing is
 * printed, and nothing ends the process. What goes wrong is an {@link EspalierException}: {@link InputRefusedException} for
 * a request, model, target, data or output that cannot be used, {@link NotProvedException}, {@link CancelledException}, and
 * {@link PluginBrokenException}.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Espalier implements AutoCloseable {

    private final Extensions extensions;
    private final RunSettings settings;

    private Espalier(Extensions extensions, RunSettings settings) {
        this.extensions = extensions;
        this.settings = settings;
    }

    /** With the plug-ins of the class path. */
    public static Espalier open() {
        return builder().build();
    }

    /** With the plug-ins of the class path and more. */
    public static Builder builder() {
        return new Builder();
    }

    /** The version of Espalier. */
    public static String version() {
        return Version.CURRENT;
    }

    /** Asks for a pruned model; {@link PruneRequest#to} does it. */
    public PruneRequest prune(Path model) {
        return new PruneRequest(extensions, model, settings);
    }

    /** Asks what would be removed from a model; {@link PlanRequest#make} does it. */
    public PlanRequest plan(Path model) {
        return new PlanRequest(extensions, model, settings);
    }

    /** Asks for the proof of a pruned model again; {@link VerifyRequest#run} does it. */
    public VerifyRequest verify(Path original, Path plan, Path pruned) {
        return new VerifyRequest(extensions, original, plan, pruned);
    }

    /**
     * Opens and analyses a model.
     *
     * @throws InputRefusedException when it cannot be read
     * @throws PluginBrokenException when there is no adapter
     */
    public Inspection inspect(Path model) {
        return inspect(model, Map.of());
    }

    /**
     * As {@link #inspect(Path)}, with extents of symbolic axes for costs.
     *
     * @throws InputRefusedException also when the model has no such axis
     */
    public Inspection inspect(Path model, Map<String, Long> extents) {
        return inspect(model, extents, Map.of());
    }

    /**
     * As {@link #inspect(Path, Map)}, with values of inputs, by the name of the input.
     *
     * @throws InputRefusedException also when the model has no such input, or it cannot have the value
     */
    public Inspection inspect(Path model, Map<String, Long> extents, Map<String, InputValue> inputs) {
        return Failures.translated(() -> Inspection.of(extensions, model, extents, extensions.given(inputs)));
    }

    /** Asks for a file that computes a loss of a model and its gradients; {@link GradientRequest#write} makes it. */
    public GradientRequest gradient(Path model) {
        return new GradientRequest(extensions, model);
    }

    /** Asks for a trained model; {@link TrainRequest#to} does it. */
    public TrainRequest train(Path model) {
        return new TrainRequest(extensions, model, settings.sinks);
    }

    /** Asks what files of examples hold, which are one set. */
    public DataRequest data(List<DataFile> files) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no file of examples is named");
        }
        return new DataRequest(extensions, files, Optional.empty(), Optional.empty(), Map.of(), 0);
    }

    /** What is on offer, and what is wrong with what is not used. */
    public Plugins plugins() {
        return new Plugins(extensions.catalogue());
    }

    /** Stops the plug-ins; to be called when no request is under way. */
    @Override
    public void close() {
        extensions.catalogue().close();
    }

    /**
     * Says where plug-ins come from. Of two extensions of a kind with one name the first is used: objects before the class
     * path, the class path before folders, folders in their order. Not thread-safe.
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public static final class Builder {

        private final List<Provider> objects = new ArrayList<>();
        private final List<Path> folders = new ArrayList<>();
        private final RunSettings settings = new RunSettings();
        private boolean classPath = true;
        private Budget budget = Budget.DEFAULT;

        private Builder() {}

        /**
         * Adds an extension of the program's own: a criterion, an adapter, a data set reader ...; it needs no plug-in and no
         * services file, and is named like any other.
         */
        public Builder extension(Provider extension) {
            objects.add(extension);
            return this;
        }

        /** Adds a folder of plug-ins: jars, zips and plug-in folders. One that does not exist counts as empty. */
        public Builder plugins(Path folder) {
            folders.add(folder);
            return this;
        }

        /** Leaves out what services files on the class path declare. */
        public Builder withoutClassPath() {
            classPath = false;
            return this;
        }

        /** Says how much work a model may ask for: {@link Budget#DEFAULT} unless said otherwise. */
        public Builder budget(Budget most) {
            budget = most;
            return this;
        }

        /** Hands the events of all runs to a handler, from one thread at a time, also when runs overlap. */
        public Builder onEvent(EventSink handler) {
            List<EventSink> sinks = new ArrayList<>(settings.sinks);
            sinks.add(new OneAtATime(handler));
            settings.sinks = sinks;
            return this;
        }

        /**
         * Loads the plug-ins. One that is broken is left out, and {@link Espalier#plugins()} says why.
         *
         * @throws IllegalArgumentException when an object is of no kind there is, or its name breaks the rules or is taken
         */
        public Espalier build() {
            return new Espalier(
                    new Extensions(
                            PluginHost.load(
                                    objects, classPath ? Optional.of(classLoader()) : Optional.empty(), folders),
                            budget),
                    settings.copy());
        }

        private static ClassLoader classLoader() {
            return Optional.ofNullable(Thread.currentThread().getContextClassLoader())
                    .orElse(Espalier.class.getClassLoader());
        }
    }

    /** A handler of several runs. */
    private record OneAtATime(EventSink handler) implements EventSink {

        @Override
        public void accept(PruningEvent event) {
            synchronized (handler) {
                handler.accept(event);
            }
        }

        @Override
        public Optional<EventLoss> failure() {
            synchronized (handler) {
                return handler.failure();
            }
        }
    }
}
