package io.espalier.plugin.schedules;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.ChannelChoice;
import java.util.List;

/**
 * One cut as soon as the network that would be left is stable: the pruning indicator of OCSPruner (Ghimire et al., One-Cycle Structured
 * Pruning via Stability-Driven Subnetwork Search, WACV 2026, arXiv 2501.13439, and the authors' {@code get_net_similarity}).
 *
 * <pre>
 * similarity(t) = mean over groups of |K(t-w+1) and K(t)| / |K(t-w+1) or K(t)|,     K the channels that would stay, w = 3
 * cut when the mean of the last w similarities is at least 0.999
 * </pre>
 *
 * <p>The authors compare layers, of which an addition couples several; here a group of coupled channels counts once. They count
 * similarities of epochs before there were w networks as 0, which only delays the cut, and cut at 0.43 of the training at the latest. They
 * shrink the channels that would go from a tenth of the training on, and keep at least a quarter of each layer ({@code --regularizer
 * ocspruner --min-keep 0.25}).
 */
public final class StableSchedule extends SettlingSchedule {

    private static final String SIMILARITY = "similarity";
    private static final String WINDOW = "window";

    @Override
    public String name() {
        return "stable";
    }

    @Override
    public String description() {
        return "One cut as soon as the channels that would stay are the same over some epochs (OCSPruner).";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(SIMILARITY, 0.999, 0, 1, "Mean similarity from which on the choice is stable."),
                OptionSpec.integer(
                        WINDOW, 3, 2, 1000, "Epochs between which choices are compared, and that are averaged."),
                end(0.43));
    }

    @Override
    public boolean isSettled(List<ChannelChoice> choices, Options options) {
        int window = (int) options.integer(WINDOW);
        if (choices.size() < 2 * window - 1) {
            return false;
        }
        double sum = 0;
        for (int last = choices.size() - window; last < choices.size(); last++) {
            sum += similarity(choices.get(last - window + 1), choices.get(last));
        }
        return sum / window >= options.number(SIMILARITY);
    }

    private static double similarity(ChannelChoice one, ChannelChoice other) {
        double sum = 0;
        for (int group = 0; group < one.removed().length; group++) {
            sum += jaccard(one.removed()[group], other.removed()[group]);
        }
        return one.removed().length == 0 ? 1 : sum / one.removed().length;
    }

    /** Of the channels that stay. */
    private static double jaccard(boolean[] one, boolean... other) {
        int both = 0;
        int either = 0;
        for (int channel = 0; channel < one.length; channel++) {
            both += !one[channel] && !other[channel] ? 1 : 0;
            either += one[channel] && other[channel] ? 0 : 1;
        }
        return either == 0 ? 1 : (double) both / either;
    }
}
