package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.api.Recipe.Choice;
import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.GraphMetric;
import io.espalier.engine.guard.CompensatorGuard;
import io.espalier.engine.guard.GuardedExecutor;
import io.espalier.engine.guard.GuardedReader;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.loss.FileLoss;
import io.espalier.engine.open.CompleteModel;
import io.espalier.engine.open.GivenInputs;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.Repair;
import io.espalier.engine.run.SeededContext;
import io.espalier.graph.operator.Operators;
import io.espalier.host.Catalogue;
import io.espalier.host.ExtensionPoint;
import io.espalier.host.Quarantined;
import io.espalier.spi.Budget;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.data.InputScaling;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Provider;
import io.espalier.spi.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What requests name of the extensions at hand, with errors that tell a slip of the pen from a broken plug-in.
 *
 * @param catalogue the extensions
 * @param budget how much work a model may ask for
 */
record Extensions(Catalogue catalogue, Budget budget) {

    private static final int SHORTEST_TELLING_NAME = 2;

    /** Versions of the plug-ins at hand, by their ids. */
    Map<String, String> pluginVersions() {
        Map<String, String> versions = new TreeMap<>();
        catalogue.plugins().forEach(plugin -> versions.put(plugin.id(), plugin.version()));
        return versions;
    }

    /**
     * The extension of a kind with a name.
     *
     * @throws InputRefusedException when nothing is called so
     * @throws PluginBrokenException when something that is called so is broken
     */
    <P extends Provider> P require(Class<P> type, String name) {
        try {
            return catalogue.get(type, name);
        } catch (InvalidInputException e) {
            Optional<Quarantined> broken = broken(name);
            if (broken.isPresent()) {
                throw new PluginBrokenException("the " + ExtensionPoint.of(type).noun() + " '" + name
                        + "' cannot be used, " + broken.get().subject() + " is broken: "
                        + broken.get().reason() + "; " + broken.get().advice());
            }
            throw new InputRefusedException(
                    Reason.REQUEST,
                    e.getMessage()
                            + (catalogue.quarantined().isEmpty()
                                    ? ""
                                    : "; " + catalogue.quarantined().size()
                                            + " broken ones are left out, 'espalier plugins doctor' says why"),
                    e);
        }
    }

    /** Options of an extension as given, checked. */
    static Options options(Class<? extends Provider> type, Provider provider, Map<String, String> given) {
        String owner = ExtensionPoint.of(type).noun() + " '" + provider.name() + "'";
        return Failures.understood(() -> Options.resolve(owner, provider.options(), given));
    }

    /** A model file with what opens and runs it, and values of its inputs. */
    Input input(Path model, GivenInputs given) {
        return new Input(model, adapter(model), executor(), operators(), budget, given);
    }

    /** Values of inputs, read from where they lie. */
    GivenInputs given(Map<String, InputValue> values) {
        Map<String, Tensor> arrays = new TreeMap<>();
        values.forEach((input, value) ->
                arrays.put(input, value.tensor(input, file -> arrays(InputValue.SETTING, file))));
        return new GivenInputs(arrays);
    }

    FrameworkAdapter adapter(Path model) {
        return ModelFile.adapter(catalogue.all(FrameworkAdapter.class), model);
    }

    /** Opens a model with the adapter that recognises it. */
    Model open(Path file, GivenInputs given) {
        FrameworkAdapter adapter = adapter(file);
        Operators known = Operators.standard().with(operators());
        AdapterContext context = AdapterContext.of(adapter, known).within(budget);
        return CompleteModel.of(adapter.open(file, context), given, known, budget);
    }

    /** What runs neutral graphs. */
    GraphExecutor executor() {
        return catalogue.all(GraphExecutor.class).stream()
                .findFirst()
                .map(executor -> GuardedExecutor.of(executor, budget))
                .orElseThrow(
                        () -> new PluginBrokenException("no plug-in runs graphs, so nothing can be proved; 'espalier"
                                + " plugins doctor' says what is wrong"));
    }

    /** Operators that plug-ins teach. */
    List<OperatorSemantics> operators() {
        return catalogue.all(OperatorSemantics.class);
    }

    /** A metric by its name, else in a model file of that name. */
    ChosenMetric metric(String name, Map<String, String> given) {
        Path file = Path.of(name);
        boolean inFile = !catalogue.names(Metric.class).contains(name) && (Files.exists(file) || isFileName(file));
        if (inFile) {
            ModelFile.head(file, reason -> InputRefusedException.setting(Reason.TASK, "metric", "metric: " + reason));
        }
        Metric metric = inFile ? new GraphMetric(file, adapter(file), executor()) : require(Metric.class, name);
        return new ChosenMetric(metric, options(Metric.class, metric, given));
    }

    /**
     * A compensator by its name, with data.
     *
     * @param named the loss that takes the place of the usual one of the compensator, where it needs one
     */
    Repair repair(String name, Map<String, String> given, Dataset data, Optional<Choice> named) {
        WeightCompensator compensator = require(WeightCompensator.class, name);
        Options options = options(WeightCompensator.class, compensator, given);
        Optional<ChosenLoss> loss = new CompensatorGuard(compensator)
                .loss(options)
                .map(usual -> loss(
                        named.map(Choice::name).orElse(usual.name()),
                        named.map(Choice::options).orElse(usual.options())));
        return new Repair(compensator, options, data, loss);
    }

    /** Whether a compensator needs a loss. */
    boolean repairsByLoss(String name, Map<String, String> given) {
        WeightCompensator compensator = require(WeightCompensator.class, name);
        return new CompensatorGuard(compensator)
                .loss(options(WeightCompensator.class, compensator, given))
                .isPresent();
    }

    /** A loss by its name, else in a model file of that name. */
    ChosenLoss loss(String name, Map<String, String> given) {
        Path file = Path.of(name);
        boolean inFile = !catalogue.names(Loss.class).contains(name) && (Files.exists(file) || isFileName(file));
        if (inFile) {
            ModelFile.head(file, reason -> InputRefusedException.setting(Reason.TASK, "loss", "loss: " + reason));
        }
        Loss loss = inFile ? new FileLoss(file, adapter(file)) : require(Loss.class, name);
        return new ChosenLoss(loss, options(Loss.class, loss, given));
    }

    private boolean isFileName(Path name) {
        return name.getNameCount() > 1
                || name.isAbsolute()
                || ModelFile.namedLike(catalogue.all(FrameworkAdapter.class), name)
                        .isPresent();
    }

    /** Refuses an output whose name promises a model of another framework than the one that is written. */
    void requireFormat(FrameworkAdapter written, Path output) {
        ModelFile.namedLike(catalogue.all(FrameworkAdapter.class), output)
                .filter(named -> !named.name().equals(written.name()))
                .ifPresent(named -> {
                    throw InputRefusedException.request("the output '" + output + "' is named like a model of "
                            + named.name() + ", but the model is pruned as what it is, one of " + written.name()
                            + "; give the output an ending that fits");
                });
    }

    /**
     * Opens a data set with the reader that recognises it.
     *
     * @param shipped what counts where no option is given
     */
    Dataset dataset(String setting, Path file, Shipped shipped, Map<String, String> given, RunContext context) {
        DatasetReader reader = reader(setting, file, Reason.TASK);
        Set<String> known = reader.options().stream().map(OptionSpec::name).collect(Collectors.toSet());
        known.addAll(ScalingOptions.NAMES);
        Map<String, String> counting = shipped.besides(given, known);
        Map<String, String> all = new TreeMap<>(counting);
        all.putAll(given);
        InputScaling scaling = Failures.understood(() -> ScalingOptions.of(all));
        all.keySet().removeAll(ScalingOptions.NAMES);
        Dataset data = reader.open(file, options(DatasetReader.class, reader, all), context);
        Optional<String> note = shipped.note(counting).filter(said -> !isFloating(reader, data));
        return scaling.equals(InputScaling.NONE) && note.isEmpty()
                ? data
                : new ScaledDataset(data, scaling, note.stream().toList());
    }

    /** Whether nothing prepares the data: its numbers are taken as they are. */
    private static boolean isFloating(DatasetReader reader, Dataset data) {
        return reader.options().stream().noneMatch(option -> option.name().equals("resize"))
                && data.arrays().entrySet().stream()
                        .allMatch(array -> array.getKey().equals("label")
                                || array.getValue().type().isFloating());
    }

    /** All arrays of a file that a data set reader recognises. */
    Map<String, Tensor> arrays(String setting, Path file) {
        DatasetReader reader = reader(setting, file, Reason.REQUEST);
        return Failures.understood(() ->
                reader.arrays(file, options(DatasetReader.class, reader, Map.of()), new SeededContext(0, () -> false)));
    }

    private DatasetReader reader(String setting, Path file, Reason reason) {
        List<DatasetReader> readers = catalogue.all(DatasetReader.class);
        byte[] head = Files.isDirectory(file)
                ? new byte[0]
                : ModelFile.head(file, why -> InputRefusedException.setting(reason, setting, setting + ": " + why));
        return readers.stream()
                .map(GuardedReader::new)
                .filter(each -> each.recognises(file, head))
                .findFirst()
                .orElseThrow(() -> unreadable(
                        setting + ": '" + file + "' is no data set that a plug-in here can read (readers: "
                                + String.join(", ", catalogue.names(DatasetReader.class)) + ")",
                        setting,
                        reason,
                        readers.isEmpty()));
    }

    private static EspalierException unreadable(String message, String setting, Reason reason, boolean noReaders) {
        return noReaders ? new PluginBrokenException(message) : InputRefusedException.setting(reason, setting, message);
    }

    /** A quarantined thing whose path, plug-in or class tells that it would have had this name. */
    private Optional<Quarantined> broken(String name) {
        String wanted = plain(name);
        return wanted.length() < SHORTEST_TELLING_NAME
                ? Optional.empty()
                : catalogue.quarantined().stream()
                        .filter(each ->
                                plain(String.valueOf(each.path().getFileName())).contains(wanted)
                                        || plain(each.plugin().orElse("")).contains(wanted)
                                        || plain(each.provider().orElse("")).contains(wanted))
                        .findFirst();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
