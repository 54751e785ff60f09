package io.espalier.api;

import io.espalier.api.Recipe.Choice;
import io.espalier.api.Recipe.Way;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.guard.CriterionGuard;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.run.Decision;
import io.espalier.engine.run.Depth;
import io.espalier.engine.run.LatencyOptions;
import io.espalier.engine.run.PruningRequest.Scheduled;
import io.espalier.engine.run.PruningRequest.Search;
import io.espalier.engine.run.PruningRequest.Timing;
import io.espalier.engine.run.Repair;
import io.espalier.engine.run.SeededContext;
import io.espalier.engine.run.Steps;
import io.espalier.engine.run.TrainingRecipe;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.Control;
import io.espalier.engine.score.NamePatterns;
import io.espalier.engine.score.Normalisation;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.events.EventSink;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ImportanceCriterion;
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

    Optional<String> criterion = Optional.empty();
    Map<String, String> criterionOptions = Map.of();
    Optional<String> aggregate = Optional.empty();
    Optional<String> normalise = Optional.empty();
    Optional<String> allocator = Optional.empty();
    Map<String, String> allocatorOptions = Map.of();
    String control = Control.NONE.toString();
    OptionalInt steps = OptionalInt.empty();
    int depth;
    /** Whether the number of residual blocks is found by trying some. */
    boolean isDepthFound;

    double minKeep = 0.1;
    /** Empty where the runtime decides. */
    OptionalInt roundTo = OptionalInt.empty();

    String heads = "whole";
    List<String> ignore = List.of();
    List<String> only = List.of();
    long seed;
    Map<String, Long> extents = Map.of();
    Map<String, InputValue> inputs = Map.of();
    int threads = PROCESSORS;

    private static final String ALL_CHANNELS = "channels=100%";
    private static final String CALIBRATION = "calibration";
    private static final String TRAIN = "train";
    /** The compensator that brings running statistics up to date. */
    private static final String STATISTICS = "bn";
    /** GraSP and SNIP are published with 100 to 128. */
    private static final int MOST_EXAMPLES = 512;

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
    private boolean isTimed() {
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
        boolean isAsked =
                criterion.isPresent() && aggregate.isPresent() && normalise.isPresent() && allocator.isPresent();
        return plan.isPresent() || isAsked && repair().equals(repair) ? Optional.empty() : Optional.of(recipe().name());
    }

    /** How channels are chosen: as asked, else as the recipe does. */
    private Way way() {
        Way usual = recipe().way();
        return new Way(
                criterion.map(name -> new Choice(name, criterionOptions)).orElse(usual.criterion()),
                aggregate.orElse(usual.aggregate()),
                normalise.orElse(usual.normalise()),
                allocator.map(name -> new Choice(name, allocatorOptions)).orElse(usual.allocator()));
    }

    /** Other ways of the recipe, to be tried on the data that weights are repaired with; none where anything of them is asked. */
    private List<Way> others() {
        boolean isAsked =
                criterion.isPresent() || aggregate.isPresent() || normalise.isPresent() || allocator.isPresent();
        List<Way> ways = recipe().ways();
        boolean noChoice = plan.isPresent() || repair().isEmpty() || isDepthAlone();
        return isAsked || noChoice ? List.of() : ways.subList(1, ways.size());
    }

    /** How weights are repaired: as asked, else as the recipe for calibration data does. */
    Optional<RepairSettings> repair() {
        return isRepairLeftOut || plan.isPresent()
                ? repair
                : repair.or(() -> calibration.flatMap(
                        examples -> recipe().compensator().map(name -> new RepairSettings(name, Map.of(), examples))));
    }

    /** What repairs weights, when they are to be repaired. */
    Optional<Repair> repair(Extensions extensions) {
        return repair().map(each -> extensions.repair(
                each.compensator(), each.options(), open(CALIBRATION, each.calibration(), extensions), loss));
    }

    /** Data that is missing is asked for; data that nothing reads is refused, for whoever gave it expects it to count. */
    private void requireUse(ImportanceCriterion chosen) {
        if (train.isPresent()) {
            requireNoRepair();
            return;
        }
        if (calibration().isEmpty() && !scheduled.isAsked() && readsData(chosen)) {
            throw InputRefusedException.request("the criterion '" + chosen.name()
                    + "' scores channels by what they compute on calibration data, and there is none; give training inputs"
                    + " (--calibration on the command line, calibration() in a program), or choose a criterion that scores"
                    + " weights alone");
        }
        if (calibration.isPresent() && repair().isEmpty() && !readsData(chosen) && depth == 0) {
            throw InputRefusedException.request("nothing would use the calibration data: the criterion '"
                    + chosen.name()
                    + "' scores weights alone, and no compensator repairs weights; leave the data out, choose a criterion"
                    + " that needs it, such as obs, or name a compensator");
        }
    }

    private void requireNoRepair() {
        if (calibration().isPresent()) {
            throw InputRefusedException.request(
                    "a network that is pruned before training is scored on its training data, and its"
                            + " weights are not repaired; leave out the calibration data and the compensator");
        }
    }

    /** What channels are scored on. */
    private Optional<Dataset> scoringData(Extensions extensions) {
        return train.isPresent() || calibration().isEmpty()
                ? sample(extensions)
                : calibration().map(data -> open(CALIBRATION, data, extensions));
    }

    /** Some training examples, chosen by the seed: scores of networks that are not trained take few. */
    private Optional<Dataset> sample(Extensions extensions) {
        DataFile some = new DataFile(Path.of(TRAIN), DataFile.Part.ALL, OptionalInt.of(MOST_EXAMPLES));
        return scheduled
                .examples()
                .map(examples -> scheduled
                        .training()
                        .split(open(TRAIN, examples, extensions), seed)
                        .rest())
                .or(() -> train.map(examples -> open(TRAIN, examples, extensions)))
                .map(all -> Selection.of(all, some, seed));
    }

    /** How many cuts are asked for. */
    private int steps() {
        return ValidSetting.of("steps", steps.orElse(1), steps.orElse(1) >= 1, "give a number of at least 1");
    }

    private Steps steps(Extensions extensions) {
        int number = steps();
        return new Steps(
                scheduled.isAsked() ? 1 : number,
                (train.isPresent() ? sample(extensions) : Optional.<Dataset>empty())
                        .map(data -> extensions.repair(STATISTICS, Map.of(), data, Optional.empty())));
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

    /** How the model is trained while it is pruned, when that is asked for. */
    Optional<Scheduled> scheduled(Extensions extensions) {
        scheduled.check(fineTuning.isPresent());
        if (scheduled.isAsked() && plan.isPresent()) {
            throw InputRefusedException.request(
                    "the plan already says what is removed, and is replayed without the training"
                            + " in which it was made; leave out one of both");
        }
        return scheduled
                .examples()
                .map(examples -> scheduled.scheduled(
                        scheduled
                                .training()
                                .preparingFor(target.orElse(""))
                                .ofPruned(
                                        open(TRAIN, examples, extensions),
                                        extensions,
                                        loss,
                                        seed,
                                        threads(),
                                        false,
                                        scheduled.resumes()),
                        steps.isPresent() ? OptionalInt.of(steps()) : steps,
                        extensions));
    }

    private static boolean readsData(ImportanceCriterion chosen) {
        return new CriterionGuard(chosen).evidence().stream().anyMatch(Evidence::isOfData);
    }

    /** How to decide what is removed. */
    Decision decision(Extensions extensions) {
        return decision(way(), extensions);
    }

    /** Other ways to decide that are to be tried. */
    List<Decision> alternatives(Extensions extensions) {
        return others().stream().map(way -> decision(way, extensions)).toList();
    }

    private Decision decision(Way way, Extensions extensions) {
        Target remaining = target();
        if (isTimed() && scheduled.isAsked()) {
            throw InputRefusedException.request(
                    "a latency as the target is met by timing cut networks, which no training in which the model is pruned"
                            + " waits for; prune after training, or to a budget such as macs=50%");
        }
        Aggregation aggregation = Failures.understood(() -> Aggregation.of(way.aggregate()));
        Normalisation normalisation = Failures.understood(() -> Normalisation.of(way.normalise()));
        ImportanceCriterion chosen =
                extensions.require(ImportanceCriterion.class, way.criterion().name());
        requireUse(chosen);
        SparsityAllocator spread =
                extensions.require(SparsityAllocator.class, way.allocator().name());
        return new Decision(
                chosen,
                Extensions.options(
                        ImportanceCriterion.class, chosen, way.criterion().options()),
                aggregation,
                normalisation,
                spread,
                Extensions.options(
                        SparsityAllocator.class, spread, way.allocator().options()),
                Failures.understood(() -> Control.of(control)),
                remaining,
                steps(extensions),
                depth(extensions),
                widths(),
                Failures.understood(() -> Heads.of(heads)),
                new NamePatterns(ignore, only),
                seed,
                readsData(chosen) ? scoringData(extensions) : Optional.empty(),
                loss(chosen, extensions),
                recipeName());
    }

    /** Whether residual blocks alone are left out, and all channels of the others remain. */
    private boolean isDepthAlone() {
        return depth > 0 && target.isEmpty();
    }

    /** How many residual blocks are left out, which are compared on the calibration data where there is some. */
    private Depth depth(Extensions extensions) {
        ValidSetting.of("depth", depth, depth >= 0, "give how many residual blocks are left out, or 0");
        if ((depth > 0 || isDepthFound) && (train.isPresent() || scheduled.isAsked())) {
            throw InputRefusedException.request(
                    "residual blocks are chosen by what a trained model computes without them, and this model is still to"
                            + " be trained; leave --depth out, or give it to a later run that prunes what the training made");
        }
        if (isDepthFound) {
            return Depth.found(tried(extensions));
        }
        return depth == 0
                ? Depth.NONE
                : new Depth(depth, calibration().map(examples -> open(CALIBRATION, examples, extensions)));
    }

    /** What numbers of residual blocks are tried on. */
    private Dataset tried(Extensions extensions) {
        if (repair().isEmpty() || calibration().isEmpty()) {
            throw InputRefusedException.request(
                    "how many residual blocks are left out is found by cuts whose weights are"
                            + " repaired; give calibration data, or the number of blocks");
        }
        if (SearchSettings.isAsked(target) && isTimed()) {
            throw InputRefusedException.request(
                    "a search for the lowest latency decides by one table of times, and each number of residual blocks has"
                            + " its own; give the number of blocks, or minimise macs, params or bytes");
        }
        return open(CALIBRATION, calibration().orElseThrow(), extensions);
    }

    private Target target() {
        String asked = target.or(() -> isDepthAlone() ? Optional.of(ALL_CHANNELS) : Optional.empty())
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

    /** What gradients are taken of, where the criterion scores by gradients. */
    private Optional<ChosenLoss> loss(ImportanceCriterion chosen, Extensions extensions) {
        boolean scoresGradients = new CriterionGuard(chosen).evidence().stream().anyMatch(Evidence::isOfLoss);
        if (!scoresGradients) {
            loss.filter(named -> !isUsedAfterwards(extensions)).ifPresent(named -> {
                throw InputRefusedException.request("nothing would use the loss '" + named.name() + "': the criterion '"
                        + chosen.name() + "' scores by no gradients; leave --loss out, or choose a criterion such as"
                        + " jacobian");
            });
            return Optional.empty();
        }
        NamedLoss usual = new CriterionGuard(chosen).loss();
        return Optional.of(extensions.loss(
                loss.map(Choice::name).orElse(usual.name()),
                loss.map(Choice::options).orElse(usual.options())));
    }

    /** Whether repair or training needs a loss. */
    private boolean isUsedAfterwards(Extensions extensions) {
        return fineTuning.isPresent()
                || scheduled.isAsked()
                || train.isPresent()
                || repair().filter(each -> extensions.repairsByLoss(each.compensator(), each.options()))
                        .isPresent();
    }

    private Widths widths() {
        double share = ValidSetting.of("min-keep", minKeep, minKeep >= 0 && minKeep <= 1, "give a share from 0 to 1");
        if (roundTo.isEmpty()) {
            return Widths.auto(share);
        }
        int multiple = roundTo.getAsInt();
        return new Widths(
                share, ValidSetting.of("round-to", multiple, multiple >= 1, "give a whole number of at least 1"));
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
        all.put("depth", isDepthFound ? "auto" : Integer.toString(depth));
        recipeName().ifPresent(name -> all.put("recipe", name));
        if (others().isEmpty()) {
            way().settings().forEach(all::put);
        }
        all.put("control", control);
        steps.ifPresent(number -> all.put("steps", Integer.toString(number)));
        all.putAll(scheduled.journal());
        all.put("min-keep", Double.toString(minKeep));
        all.put("round-to", roundTo.isPresent() ? Integer.toString(roundTo.getAsInt()) : "auto");
        all.put("heads", heads);
        all.put("ignore", String.join(", ", ignore));
        all.put("only", String.join(", ", only));
        return all;
    }
}
