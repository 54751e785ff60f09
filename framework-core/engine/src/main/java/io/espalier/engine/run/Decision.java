package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.Control;
import io.espalier.engine.score.NamePatterns;
import io.espalier.engine.score.Normalisation;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.option.Options;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How to decide what goes.
 *
 * @param options validated options of the criterion
 * @param allocatorOptions validated options of the allocator
 * @param control what scores are replaced by
 * @param steps how many cuts it takes
 * @param depth how many residual blocks are left out before
 * @param calibration data to score channels on, for criteria that need it
 * @param loss what gradients are taken of, for criteria that need them
 * @param recipe name of the recipe that gave the settings which were not asked for
 */
public record Decision(
        ImportanceCriterion criterion,
        Options options,
        Aggregation aggregation,
        Normalisation normalisation,
        SparsityAllocator allocator,
        Options allocatorOptions,
        Control control,
        Target target,
        Steps steps,
        Depth depth,
        Widths widths,
        Heads heads,
        NamePatterns names,
        long seed,
        Optional<Dataset> calibration,
        Optional<ChosenLoss> loss,
        Optional<String> recipe) {

    /** A decision with default options of the allocator, aggregation, normalisation, widths and names. */
    public static Decision of(
            ImportanceCriterion criterion, Options options, SparsityAllocator allocator, Target target, long seed) {
        return new Decision(
                criterion,
                options,
                Aggregation.SUM,
                Normalisation.SUM,
                allocator,
                Options.resolve("allocator '" + allocator.name() + "'", allocator.options(), Map.of()),
                Control.NONE,
                target,
                Steps.ONE,
                Depth.NONE,
                Widths.DEFAULT,
                Heads.WHOLE,
                NamePatterns.ALL,
                seed,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** How it is decided, in the words that tell it from the other ways of a recipe. */
    String way() {
        return String.join(" ", criterion.name(), aggregation.toString(), normalisation.toString(), allocator.name());
    }

    Decision calibrated(UnaryOperator<Dataset> change) {
        return with(target, steps, depth.on(depth.examples().map(change)), calibration.map(change));
    }

    /** This decision with data to score channels on. */
    public Decision on(Dataset data) {
        return with(target, steps, depth, Optional.of(data));
    }

    /** This decision as the last of so many. */
    Decision inSteps(int number) {
        return with(target, new Steps(number, steps.statistics()), depth, calibration);
    }

    /** This decision for another target. */
    Decision to(Target other) {
        return with(other, steps, depth, calibration);
    }

    /** This decision with other limits of widths. */
    public Decision with(Widths limits) {
        return with(target, steps, depth, limits, calibration);
    }

    Decision without(int blocks) {
        return without(new Depth(blocks, depth.examples()));
    }

    /** This decision without some residual blocks. */
    public Decision without(Depth blocks) {
        return with(target, steps, blocks, calibration);
    }

    private Decision with(Target remaining, Steps cuts, Depth blocks, Optional<Dataset> data) {
        return with(remaining, cuts, blocks, widths, data);
    }

    private Decision with(Target remaining, Steps cuts, Depth blocks, Widths limits, Optional<Dataset> data) {
        return new Decision(
                criterion,
                options,
                aggregation,
                normalisation,
                allocator,
                allocatorOptions,
                control,
                remaining,
                cuts,
                blocks,
                limits,
                heads,
                names,
                seed,
                data,
                loss,
                recipe);
    }
}
