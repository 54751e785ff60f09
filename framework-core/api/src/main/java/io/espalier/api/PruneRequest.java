package io.espalier.api;

import io.espalier.api.Recipe.Choice;
import io.espalier.api.RunSettings.FineTuneSettings;
import io.espalier.api.RunSettings.MetricSettings;
import io.espalier.api.RunSettings.RepairSettings;
import io.espalier.engine.open.GivenInputs;
import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.run.PruningRequest.Costs;
import io.espalier.engine.run.PruningRequest.Data;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.engine.run.PruningRun;
import io.espalier.engine.run.SensitivityRun;
import io.espalier.spi.Stability;
import io.espalier.spi.data.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks for a pruned model, by a target or by a plan made before. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class PruneRequest extends RunRequest<PruneRequest> {

    PruneRequest(Extensions extensions, Path model, RunSettings settings) {
        super(extensions, model, settings);
    }

    @Override
    PruneRequest with(RunSettings changed) {
        return new PruneRequest(extensions, model, changed);
    }

    /** Replays a plan instead of deciding what is removed; the same plan gives the same bytes. */
    public PruneRequest plan(Plan plan) {
        return changed(each -> each.plan = Optional.of(new PlanSource(Optional.empty(), () -> plan)));
    }

    /** As {@link #plan(Plan)}, with a plan in a file. */
    public PruneRequest plan(Path file) {
        return changed(each -> each.plan = Optional.of(new PlanSource(Optional.of(file), () -> Plan.read(file))));
    }

    /** Labelled examples that measure accuracy, in a file a plug-in can read. */
    public PruneRequest data(Path file) {
        return changed(each -> each.data = Optional.of(Examples.in(file)));
    }

    /** As {@link #data(Path)}, with several files as one set, or with parts of files; their arrays must agree. */
    public PruneRequest data(List<DataFile> files) {
        return changed(each -> each.data = Optional.of(Examples.in(files)));
    }

    /** As {@link #data(Path)}, with examples at hand. */
    public PruneRequest data(Dataset examples) {
        return changed(each -> each.data = Optional.of(Examples.of(examples)));
    }

    /**
     * Measures something else than accuracy on the data.
     *
     * @param metric the name of a metric, such as {@code top-k}, or a model file that computes one
     */
    public PruneRequest metric(String metric) {
        return metric(metric, Map.of());
    }

    /** As {@link #metric(String)}, with options of the metric. */
    public PruneRequest metric(String metric, Map<String, String> options) {
        return changed(each -> each.metric = Optional.of(new MetricSettings(metric, Map.copyOf(options))));
    }

    /**
     * Repairs weights after the cut.
     *
     * @param compensator the name of a compensator, such as {@code bn}
     * @param calibration training examples, never those that measure accuracy, in a file a plug-in can read
     */
    public PruneRequest repair(String compensator, Path calibration) {
        return repair(compensator, Map.of(), calibration);
    }

    /** As {@link #repair(String, Path)}, with options of the compensator. */
    public PruneRequest repair(String compensator, Map<String, String> options, Path calibration) {
        return repair(new RepairSettings(compensator, Map.copyOf(options), Examples.in(calibration)));
    }

    /**
     * As {@link #repair(String, Map, Path)}, with several files as one set, or with parts of files; the file {@code synthetic}
     * stands for inputs made from the model.
     */
    public PruneRequest repair(String compensator, Map<String, String> options, List<DataFile> calibration) {
        return repair(new RepairSettings(compensator, Map.copyOf(options), Examples.in(calibration)));
    }

    /** As {@link #repair(String, Map, Path)}, with examples at hand. */
    public PruneRequest repair(String compensator, Map<String, String> options, Dataset calibration) {
        return repair(new RepairSettings(compensator, Map.copyOf(options), Examples.of(calibration)));
    }

    private PruneRequest repair(RepairSettings repair) {
        return changed(each -> each.repair = Optional.of(repair));
    }

    /**
     * Prunes a network that is not trained yet: its channels are scored on training data after its running statistics were brought up
     * to date on it, for the scores alone, and a recipe for its training is written beside the result.
     *
     * @param training training examples, with labels where the loss has some
     */
    public PruneRequest beforeTraining(List<DataFile> training) {
        return beforeTraining(Examples.in(training));
    }

    /** As {@link #beforeTraining(List)}, with examples at hand. */
    public PruneRequest beforeTraining(Dataset training) {
        return beforeTraining(Examples.of(training));
    }

    private PruneRequest beforeTraining(Examples training) {
        return changed(each -> each.train = Optional.of(training));
    }

    /** Repairs nothing, though calibration data is given. */
    public PruneRequest withoutRepair() {
        return changed(each -> {
            each.repair = Optional.empty();
            each.isRepairLeftOut = true;
        });
    }

    /** Timed runs of each model, at least 1: 50 unless said otherwise, and 10 seconds at most. */
    public PruneRequest latencyRuns(int runs) {
        return changed(each -> each.latency = each.latency.runs(runs));
    }

    /** Does not measure latency. */
    public PruneRequest withoutLatency() {
        return changed(each -> each.latency = each.latency.unmeasured());
    }

    /** Writes the model also when nothing could be shown about it; the proof of the result tells. */
    public PruneRequest acceptUnproved() {
        return changed(each -> each.acceptUnproved = true);
    }

    /** Allows the output to replace the model that is pruned. */
    public PruneRequest replaceModel() {
        return changed(each -> each.replaceModel = true);
    }

    /**
     * Bytes that the runtime may take for weights while the result is proved: a gigabyte unless said otherwise. A model that
     * needs more is proved block by block and not timed.
     */
    public PruneRequest verifyMemory(long bytes) {
        return changed(each -> each.memory = bytes);
    }

    /**
     * Prunes, proves the result and writes it, with plan, journal and report beside it; what was there is replaced. Returns
     * when all is done.
     *
     * @throws EspalierException as {@link Espalier} says
     */
    public PruneResult to(Path output) {
        OutputRules.check(model, settings, output);
        return Failures.translated(() ->
                PruneResult.of(cancellable(new PruningRun(request(Optional.of(output), "prune")), PruningRun::prune)));
    }

    /**
     * Cuts each group of coupled channels alone, as this request would cut it, repairs and trains as it says, and measures on its data.
     * Nothing is written; a target counts for nothing, and of the ways of a recipe the one is measured that a run would take.
     *
     * @param shares what remains of a group, in percent, each from 1 to 99
     * @throws EspalierException as {@link Espalier} says
     */
    public Sensitivity sensitivity(List<Integer> shares) {
        return sensitivity(shares, Sensitivity.Ways.BEST);
    }

    /**
     * Cuts each group of coupled channels alone and measures, in the ways to choose channels that are asked for.
     *
     * @param shares what remains of a group, in percent, each from 1 to 99
     * @throws EspalierException as {@link Espalier} says
     */
    public Sensitivity sensitivity(List<Integer> shares, Sensitivity.Ways ways) {
        PruneRequest asked = changed(each -> each.target = Optional.of("channels=100%"));
        return Failures.translated(() -> {
            SensitivityRun run =
                    new SensitivityRun(asked.request(Optional.empty(), "sensitivity"), shares, ways.engine());
            Runnable detach = settings.cancellation.attach(run::cancel);
            try {
                return Sensitivity.of(run.measure());
            } finally {
                detach.run();
            }
        });
    }

    /**
     * Trains what was pruned, after the proof and the repair. The original is the teacher unless another is named, or the share of the
     * teacher is 0.
     */
    public PruneRequest fineTune(List<DataFile> examples, Training how) {
        return fineTune(Examples.in(examples), how);
    }

    /** As {@link #fineTune(List, Training)}, with examples at hand. */
    public PruneRequest fineTune(Dataset examples, Training how) {
        return fineTune(Examples.of(examples), how);
    }

    private PruneRequest fineTune(Examples examples, Training how) {
        if (how.isRegularized()) {
            throw InputRefusedException.request(
                    "a regularizer prepares for a cut, and fine-tuning comes after it; give it to the training in which the"
                            + " model is pruned");
        }
        FineTuneSettings set = new FineTuneSettings(examples, how);
        return changed(each -> each.fineTuning = Optional.of(set));
    }

    /**
     * Trains the model and prunes it on the way, by the schedule {@code cubic} unless another is chosen. Fine-tuning adds epochs after
     * the training; no teacher takes part unless one is named. A regularizer prepares for each cut;
     * widths are not rounded unless asked for, so that the channels it has driven to zero are those that go.
     *
     * @param examples training examples
     * @param how the whole training
     * @param when the moments of the schedule: its own, or all before or after the training
     */
    public PruneRequest whileTraining(List<DataFile> examples, Training how, When when) {
        return whileTraining(Examples.in(examples), how, when);
    }

    /** As {@link #whileTraining(List, Training, When)}, with examples at hand. */
    public PruneRequest whileTraining(Dataset examples, Training how, When when) {
        return whileTraining(Examples.of(examples), how, when);
    }

    private PruneRequest whileTraining(Examples examples, Training how, When when) {
        return changed(each -> {
            each.scheduled = each.scheduled.training(examples, how, when);
            each.train = when == When.BEFORE ? Optional.of(examples) : each.train;
            each.widths = how.isRegularized() ? each.widths.exact() : each.widths;
        });
    }

    /** The schedule of cuts, such as {@code linear}, with its options. */
    public PruneRequest schedule(String name, Map<String, String> options) {
        return changed(each -> each.scheduled = each.scheduled.schedule(new Choice(name, Map.copyOf(options))));
    }

    /** After each cut training goes back to the weights after this epoch, 0 for those of the file, and trains again. */
    public PruneRequest rewind(int epoch) {
        return changed(each -> each.scheduled = each.scheduled.rewind(epoch));
    }

    /**
     * Goes on from the checkpoint that an interrupted training to the same output has left, during or after the cuts, with the same
     * numbers.
     */
    public PruneRequest resume() {
        return changed(each -> each.scheduled = each.scheduled.resume());
    }

    /**
     * What a search makes small while it keeps an accuracy: {@code macs}, the default, {@code params}, {@code bytes} or {@code latency}.
     * Searched for is
     * a target such as {@code accuracy=-1}, which may lose one point of what the metric says of the data, or {@code accuracy=91.5%}.
     */
    public PruneRequest minimize(String cost) {
        return changed(each -> each.search = each.search.minimizing(cost));
    }

    /** Most budgets that a search tries, those of an earlier search to the same output included: 12 unless said otherwise. */
    public PruneRequest maxTrials(int most) {
        return changed(each -> each.search = each.search.maxTrials(most));
    }

    /** How long a search may take, but for the proof and the measurement of its result. */
    public PruneRequest maxTime(Duration most) {
        return changed(each -> each.search = each.search.maxTime(most));
    }

    /** What the record of a search says of the arguments, by their names; a program may leave them out. */
    public PruneRequest recorded(Map<String, List<String>> arguments) {
        Map<String, List<String>> copy = new TreeMap<>(arguments);
        return changed(each -> each.search = each.search.arguments(copy));
    }

    private PruningRequest request(Optional<Path> output, String command) {
        Decisions decisions = new Decisions(settings, extensions);
        Optional<io.espalier.engine.plan.Plan> replay = settings.replay();
        Input input = extensions.input(model, given(replay));
        output.ifPresent(file -> extensions.requireFormat(input.adapter(), file));
        return new PruningRequest(
                input,
                replay.isPresent() ? Optional.empty() : Optional.of(decisions.decision()),
                decisions.alternatives(),
                replay,
                new Costs(settings.extents),
                output,
                new Data(
                        settings.data.map(each -> open("data", each)), settings.metric(extensions), settings.latency()),
                decisions.repair(),
                settings.fineTuning.map(each -> each.training()
                        .ofPruned(
                                open("train", each.examples()),
                                extensions,
                                settings.loss,
                                settings.seed,
                                settings.threads(),
                                !settings.scheduled.isAsked(),
                                settings.scheduled.resumes())),
                decisions.scheduled(),
                settings.training(),
                settings.search(),
                settings.timing(),
                new PruningRequest.Proof(
                        replay.map(plan -> plan.settings().seed()).orElse(settings.seed),
                        settings.acceptUnproved,
                        settings.memory),
                trail(command),
                settings.threads());
    }

    private GivenInputs given(Optional<io.espalier.engine.plan.Plan> replay) {
        return replay.map(plan -> new GivenInputs(plan.settings().givenInputs()))
                .orElseGet(() -> extensions.given(settings.inputs));
    }

    private Dataset open(String setting, Examples examples) {
        return settings.open(setting, examples, extensions);
    }
}
