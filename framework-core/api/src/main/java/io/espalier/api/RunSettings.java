package io.espalier.api;

import io.espalier.api.Recipe.Choice;
import io.espalier.api.Recipe.Way;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.run.LatencyOptions;
import io.espalier.engine.run.PruningRequest.Search;
import io.espalier.engine.run.PruningRequest.Timing;
import io.espalier.engine.run.SeededContext;
import io.espalier.engine.run.TrainingRecipe;
import io.espalier.engine.score.Control;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.events.EventSink;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.loss.NamedLoss;
import io.espalier.spi.metric.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The settings of a run. A request copies them, changes the copy and then leaves it as it is. */
final class RunSettings implements Cloneable {

    Optional<String> target = Optional.empty();
    Optional<PlanSource> plan = Optional.empty();
    /** The first setting given of those that decide what is removed. */
    Optional<String> selected = Optional.empty();

    /** How many threads run at once on this machine. */
    static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    WaySettings way = WaySettings.NONE;
    String control = Control.NONE.toString();
    OptionalInt steps = OptionalInt.empty();
    DepthSettings depth = DepthSettings.NONE;
    WidthSettings widths = WidthSettings.USUAL;
    String heads = "whole";
    List<String> ignore = List.of();
    List<String> only = List.of();
    long seed;
    Map<String, Long> extents = Map.of();
    Map<String, InputValue> inputs = Map.of();
    int threads = PROCESSORS;

    private static final String ALL_CHANNELS = "channels=100%";
    static final String CALIBRATION = "calibration";

    Optional<Examples> data = Optional.empty();
    Map<String, String> dataOptions = Map.of();
    /** What is pruned; files beside it say how data is prepared. */
    private Optional<Path> model = Optional.empty();

    Optional<Path> preprocessing = Optional.empty();
    Optional<Choice> loss = Optional.empty();
    Map<String, String> calibrationOptions = Map.of();
    Optional<MetricSettings> metric = Optional.empty();
    Optional<RepairSettings> repair = Optional.empty();
    boolean isRepairLeftOut;
    Optional<FineTuneSettings> fineTuning = Optional.empty();
    ScheduleSettings scheduled = ScheduleSettings.NONE;
    SearchSettings search = SearchSettings.NONE;
    Optional<Examples> calibration = Optional.empty();
    /** Training data of a network that is pruned before training. */
    Optional<Examples> train = Optional.empty();

    LatencySettings latency = LatencySettings.NONE;
    boolean acceptUnproved;
    boolean replaceModel;
    long memory = VerificationOptions.DEFAULT_MEMORY;

    List<EventSink> sinks = List.of();
    Cancellation cancellation = new Cancellation();
    Map<String, String> journalled = Map.of();

    /** What is measured. */
    record MetricSettings(String name, Map<String, String> options) {}

    /** How weights are repaired. */
    record RepairSettings(String compensator, Map<String, String> options, Examples calibration) {}

    /** How what was pruned is trained. */
    record FineTuneSettings(Examples examples, Training training) {}

    /** These settings for a model. */
    RunSettings of(Path pruned) {
        RunSettings copy = copy();
        copy.model = Optional.of(pruned);
        return copy;
    }

    RunSettings copy() {
        try {
            return (RunSettings) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** The data that channels are scored on and weights are repaired with, as given for either. */
    Optional<Examples> calibration() {
        return calibration.or(() -> repair.map(RepairSettings::calibration));
    }

    /** The recipe for what is given. */
    Recipe recipe() {
        return isTimed() ? usualRecipe().timed() : usualRecipe();
    }

    /** Whether the target is a latency, or a search for one. */
    boolean isTimed() {
        return target.isPresent() && target().metric() == Target.Metric.LATENCY;
    }

    private Recipe usualRecipe() {
        if (train.isPresent()) {
            return Recipe.UNTRAINED;
        }
        return Recipe.of(calibration().isPresent() && !isRepairLeftOut, repair.map(RepairSettings::compensator));
    }

    /** The name of the recipe, where it decides anything. */
    Optional<String> recipeName() {
        return plan.isPresent() || way.isComplete() && repair().equals(repair)
                ? Optional.empty()
                : Optional.of(recipe().name());
    }

    /** How channels are chosen: as asked, else as the recipe does. */
    Way way() {
        return way.or(recipe().way());
    }

    /** Other ways of the recipe, to be tried on the data that weights are repaired with; none where anything of them is asked. */
    List<Way> others() {
        List<Way> ways = recipe().ways();
        boolean noChoice = plan.isPresent() || repair().isEmpty() || depth.isAlone(target);
        return way.isAsked() || noChoice ? List.of() : ways.subList(1, ways.size());
    }

    /** How weights are repaired: as asked, else as the recipe for calibration data does. */
    Optional<RepairSettings> repair() {
        return isRepairLeftOut || plan.isPresent()
                ? repair
                : repair.or(() -> calibration.flatMap(
                        examples -> recipe().compensator().map(name -> new RepairSettings(name, Map.of(), examples))));
    }

    /** How a network that is pruned before training is to be trained. */
    Optional<TrainingRecipe> training() {
        return train.filter(examples -> !scheduled.isAsked())
                .map(examples -> new TrainingRecipe(
                        examples.files().stream().map(DataFile::toString).toList(),
                        dataOptions,
                        loss.map(Choice::name).orElse(NamedLoss.CROSS_ENTROPY.name()),
                        loss.map(Choice::options).orElse(NamedLoss.CROSS_ENTROPY.options()),
                        seed));
    }

    Target target() {
        String asked = target.or(() -> depth.isAlone(target) ? Optional.of(ALL_CHANNELS) : Optional.empty())
                .orElseThrow(() -> InputRefusedException.request(
                        "nothing says what shall remain; give a target, for instance macs=50%"));
        return Failures.understood(() -> Target.parse(SearchSettings.isAsked(target) ? search.first() : asked));
    }

    /** How the target is found, where it is an accuracy. */
    Optional<Search> search() {
        if (SearchSettings.isAsked(target)) {
            if (data.isEmpty()) {
                throw InputRefusedException.request(
                        "an accuracy as the target is measured on labelled examples that nothing else reads; give data"
                                + " (--data on the command line, data() in a program)");
            }
            if (train.isPresent() || scheduled.isAsked()) {
                throw InputRefusedException.request(
                        "an accuracy as the target is searched for in trained models; prune before or during a training"
                                + " to a budget, such as macs=50%");
            }
        }
        return search.of(target);
    }

    /** Opens examples that a setting names. */
    Dataset open(String setting, Examples examples, Extensions extensions) {
        boolean calibrates = setting.equals(CALIBRATION);
        return calibrates && examples.isSynthetic()
                ? examples.synthetic(extensions, calibrationOptions, seed, extents)
                : examples.open(
                        setting,
                        extensions,
                        Shipped.of(preprocessing, model),
                        calibrates ? optionsOfCalibration() : dataOptions,
                        seed,
                        new SeededContext(seed, cancellation::isCancelled));
    }

    /** What is measured on the data. */
    MetricChoice metric(Extensions extensions) {
        return new MetricChoice(
                metric.map(named -> extensions.metric(named.name(), named.options())),
                extensions.catalogue().all(Metric.class));
    }

    /** The plan to replay, when there is one; it decides alone. */
    Optional<io.espalier.engine.plan.Plan> replay() {
        if (plan.isPresent() && selected.isPresent()) {
            throw InputRefusedException.request(
                    "the plan already says what is removed and why; leave out " + selected.get());
        }
        return plan.map(source -> source.read().engine());
    }

    /** How latency is measured, when it is. */
    Optional<LatencyOptions> latency() {
        return latency.options();
    }

    /** How the model is timed at several widths. */
    Timing timing() {
        return latency.timing(isTimed());
    }

    /** What reads the calibration is given the options of all data, then its own. */
    Map<String, String> optionsOfCalibration() {
        Map<String, String> all = new TreeMap<>(dataOptions);
        all.putAll(calibrationOptions);
        return all;
    }

    int threads() {
        return threads(threads);
    }

    static int threads(int number) {
        return ValidSetting.of("threads", number, number >= 1, "give a number of at least 1");
    }

    /** What the journal says of the settings: those a program named itself, else all that decide what is removed. */
    Map<String, String> journal() {
        if (!journalled.isEmpty()) {
            return journalled;
        }
        Map<String, String> all = new TreeMap<>();
        all.put("seed", Long.toString(seed));
        extents.forEach((name, extent) -> all.put("dim." + name, Long.toString(extent)));
        inputs.forEach((name, value) -> all.put("input." + name, value.toString()));
        if (plan.isPresent()) {
            plan.flatMap(PlanSource::file).ifPresent(file -> all.put("plan", file.toString()));
            return all;
        }
        all.put("target", target.orElse(""));
        all.put("depth", depth.journal());
        recipeName().ifPresent(name -> all.put("recipe", name));
        if (others().isEmpty()) {
            way().settings().forEach(all::put);
        }
        all.put("control", control);
        steps.ifPresent(number -> all.put("steps", Integer.toString(number)));
        all.putAll(scheduled.journal());
        all.putAll(widths.journal());
        all.put("heads", heads);
        all.put("ignore", String.join(", ", ignore));
        all.put("only", String.join(", ", only));
        return all;
    }
}
