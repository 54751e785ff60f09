package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.option.OptionSpec;
import java.util.List;

/**
 * What the layers that read a channel lose without it once the weights that are left have been refitted: with {@code H} the
 * second moments of the inputs of a weight and {@code P} the inputs of the channel, {@code sum_o w_oP ([H^-1]_PP)^-1 w_oP^T},
 * summed over all weights that read the channel. Channels are removed one after the other, the cheapest first; after each, the
 * weights are refitted and {@code H^-1} is reduced.
 *
 * <p>Optimal Brain Surgeon (Hassibi and Stork, 1993) for sets of weights, as in Optimal Brain Compression (Frantar and Alistarh,
 * arXiv 2208.11580, section 4) and the OBS scores of SPA (arXiv 2403.18955), with the true inverse. Moments are centred where a
 * recovery can refit the bias. A channel scores what its removal adds, and no less than the channels removed before it, so
 * scores of a group rise in the order of removal and the sum of the lowest {@code n} is the error that no refit of the readers
 * can repair at that width, or a little more. With {@code error=relative} errors are shares of the energy of the outputs of a
 * weight: comparable between layers, so {@code --normalise none} with {@code --allocator per-cost} chooses widths by what is
 * lost for good for each multiply-accumulate saved.
 *
 * <p>Not without a recovery such as {@code --repair obs}: it removes channels that others can stand in for, and does so only after
 * a refit. Costs {@code n^3} operations for each weight of {@code n} inputs, a window's positions included.
 */
public final class ObsCriterion extends ReadersCriterion {

    private static final String RIDGE = "ridge";
    private static final String ERROR = "error";
    private static final String RELATIVE = "relative";

    @Override
    public String name() {
        return "obs";
    }

    @Override
    public String description() {
        return "Greedy: the error of the layers that read the channel after their weights were refitted (OBS).";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(RIDGE, 1e-3, 1e-9, 1e3, "added to the second moments, in mean squares of the inputs"),
                OptionSpec.choice(
                        ERROR,
                        List.of(RELATIVE, "absolute"),
                        "whether errors are shares of the energy of the outputs of a weight"));
    }

    @Override
    double[] score(int channels, List<WeightInputs> readers, ScoringContext context) {
        double ridge = context.options().number(RIDGE);
        boolean relative = context.options().text(ERROR).equals(RELATIVE);
        List<RefittedReader> refitted = readers.stream()
                .map(reader -> new RefittedReader(reader, channels, ridge, relative))
                .toList();
        return RemovalOrder.scores(
                channels,
                context,
                channel -> refitted.stream()
                        .mapToDouble(reader -> reader.error(channel))
                        .sum(),
                channel -> refitted.forEach(reader -> reader.remove(channel)));
    }
}
