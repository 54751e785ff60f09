package io.espalier.api;

import io.espalier.api.Recipe.Choice;
import io.espalier.api.Recipe.Way;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.guard.CriterionGuard;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.run.Decision;
import io.espalier.engine.run.Depth;
import io.espalier.engine.run.PruningRequest.Scheduled;
import io.espalier.engine.run.Repair;
import io.espalier.engine.run.Steps;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.Control;
import io.espalier.engine.score.NamePatterns;
import io.espalier.engine.score.Normalisation;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.loss.NamedLoss;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** How the settings of a run decide what is removed, with the extensions that they name. */
final class Decisions {

    private static final String TRAIN = "train";
    /** The compensator that brings running statistics up to date. */
    private static final String STATISTICS = "bn";
    /** GraSP and SNIP are published with 100 to 128. */
    private static final int MOST_EXAMPLES = 512;

    private final RunSettings settings;
    private final Extensions extensions;

    Decisions(RunSettings settings, Extensions extensions) {
        this.settings = settings;
        this.extensions = extensions;
    }

    /** How to decide what is removed. */
    Decision decision() {
        return decision(settings.way());
    }

    /** Other ways to decide that are to be tried. */
    List<Decision> alternatives() {
        return settings.others().stream().map(this::decision).toList();
    }

    private Decision decision(Way way) {
        Target remaining = settings.target();
        if (settings.isTimed() && settings.scheduled.isAsked()) {
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
                Failures.understood(() -> Control.of(settings.control)),
                remaining,
                cuts(),
                depth(),
                settings.widths.widths(),
                Failures.understood(() -> Heads.of(settings.heads)),
                new NamePatterns(settings.ignore, settings.only),
                settings.seed,
                readsData(chosen) ? scoringData() : Optional.empty(),
                loss(chosen),
                settings.recipeName());
    }

    /** How many residual blocks are left out, which are compared on the calibration data where there is some. */
    private Depth depth() {
        if (settings.depth.isAsked() && (settings.train.isPresent() || settings.scheduled.isAsked())) {
            throw InputRefusedException.request(
                    "residual blocks are chosen by what a trained model computes without them, and this model is still to"
                            + " be trained; leave --depth out, or give it to a later run that prunes what the training made");
        }
        return settings.depth.depth(
                () -> settings.calibration().map(examples -> open(RunSettings.CALIBRATION, examples)), this::tried);
    }

    /** What numbers of residual blocks are tried on. */
    private Dataset tried() {
        if (settings.repair().isEmpty() || settings.calibration().isEmpty()) {
            throw InputRefusedException.request(
                    "how many residual blocks are left out is found by cuts whose weights are"
                            + " repaired; give calibration data, or the number of blocks");
        }
        if (SearchSettings.isAsked(settings.target) && settings.isTimed()) {
            throw InputRefusedException.request(
                    "a search for the lowest latency decides by one table of times, and each number of residual blocks has"
                            + " its own; give the number of blocks, or minimise macs, params or bytes");
        }
        return open(RunSettings.CALIBRATION, settings.calibration().orElseThrow());
    }

    /** What repairs weights, when they are to be repaired. */
    Optional<Repair> repair() {
        return settings.repair()
                .map(each -> extensions.repair(
                        each.compensator(),
                        each.options(),
                        open(RunSettings.CALIBRATION, each.calibration()),
                        settings.loss));
    }

    /** Data that is missing is asked for; data that nothing reads is refused, for whoever gave it expects it to count. */
    private void requireUse(ImportanceCriterion chosen) {
        if (settings.train.isPresent()) {
            requireNoRepair();
            return;
        }
        if (settings.calibration().isEmpty() && !settings.scheduled.isAsked() && readsData(chosen)) {
            throw InputRefusedException.request("the criterion '" + chosen.name()
                    + "' scores channels by what they compute on calibration data, and there is none; give training inputs"
                    + " (--calibration on the command line, calibration() in a program), or choose a criterion that scores"
                    + " weights alone");
        }
        if (settings.calibration.isPresent()
                && settings.repair().isEmpty()
                && !readsData(chosen)
                && settings.depth.blocks() == 0) {
            throw InputRefusedException.request("nothing would use the calibration data: the criterion '"
                    + chosen.name()
                    + "' scores weights alone, and no compensator repairs weights; leave the data out, choose a criterion"
                    + " that needs it, such as obs, or name a compensator");
        }
    }

    private void requireNoRepair() {
        if (settings.calibration().isPresent()) {
            throw InputRefusedException.request(
                    "a network that is pruned before training is scored on its training data, and its"
                            + " weights are not repaired; leave out the calibration data and the compensator");
        }
    }

    /** What channels are scored on. */
    private Optional<Dataset> scoringData() {
        return settings.train.isPresent() || settings.calibration().isEmpty()
                ? sample()
                : settings.calibration().map(data -> open(RunSettings.CALIBRATION, data));
    }

    /** Some training examples, chosen by the seed: scores of networks that are not trained take few. */
    private Optional<Dataset> sample() {
        DataFile some = new DataFile(Path.of(TRAIN), DataFile.Part.ALL, OptionalInt.of(MOST_EXAMPLES));
        return settings.scheduled
                .examples()
                .map(examples -> settings.scheduled
                        .training()
                        .split(open(TRAIN, examples), settings.seed)
                        .rest())
                .or(() -> settings.train.map(examples -> open(TRAIN, examples)))
                .map(all -> Selection.of(all, some, settings.seed));
    }

    /** How many cuts are asked for. */
    private int steps() {
        return ValidSetting.of(
                "steps", settings.steps.orElse(1), settings.steps.orElse(1) >= 1, "give a number of at least 1");
    }

    private Steps cuts() {
        int number = steps();
        return new Steps(
                settings.scheduled.isAsked() ? 1 : number,
                (settings.train.isPresent() ? sample() : Optional.<Dataset>empty())
                        .map(data -> extensions.repair(STATISTICS, Map.of(), data, Optional.empty())));
    }

    /** How the model is trained while it is pruned, when that is asked for. */
    Optional<Scheduled> scheduled() {
        settings.scheduled.check(settings.fineTuning.isPresent());
        if (settings.scheduled.isAsked() && settings.plan.isPresent()) {
            throw InputRefusedException.request(
                    "the plan already says what is removed, and is replayed without the training"
                            + " in which it was made; leave out one of both");
        }
        return settings.scheduled
                .examples()
                .map(examples -> settings.scheduled.scheduled(
                        settings.scheduled
                                .training()
                                .preparingFor(settings.target.orElse(""))
                                .ofPruned(
                                        open(TRAIN, examples),
                                        extensions,
                                        settings.loss,
                                        settings.seed,
                                        settings.threads(),
                                        false,
                                        settings.scheduled.resumes()),
                        settings.steps.isPresent() ? OptionalInt.of(steps()) : settings.steps,
                        extensions));
    }

    private static boolean readsData(ImportanceCriterion chosen) {
        return new CriterionGuard(chosen).evidence().stream().anyMatch(Evidence::isOfData);
    }

    /** What gradients are taken of, where the criterion scores by gradients. */
    private Optional<ChosenLoss> loss(ImportanceCriterion chosen) {
        boolean scoresGradients = new CriterionGuard(chosen).evidence().stream().anyMatch(Evidence::isOfLoss);
        if (!scoresGradients) {
            settings.loss.filter(named -> !isUsedAfterwards()).ifPresent(named -> {
                throw InputRefusedException.request("nothing would use the loss '" + named.name() + "': the criterion '"
                        + chosen.name() + "' scores by no gradients; leave --loss out, or choose a criterion such as"
                        + " jacobian");
            });
            return Optional.empty();
        }
        NamedLoss usual = new CriterionGuard(chosen).loss();
        return Optional.of(extensions.loss(
                settings.loss.map(Choice::name).orElse(usual.name()),
                settings.loss.map(Choice::options).orElse(usual.options())));
    }

    /** Whether repair or training needs a loss. */
    private boolean isUsedAfterwards() {
        return settings.fineTuning.isPresent()
                || settings.scheduled.isAsked()
                || settings.train.isPresent()
                || settings.repair()
                        .filter(each -> extensions.repairsByLoss(each.compensator(), each.options()))
                        .isPresent();
    }

    private Dataset open(String setting, Examples examples) {
        return settings.open(setting, examples, extensions);
    }
}
