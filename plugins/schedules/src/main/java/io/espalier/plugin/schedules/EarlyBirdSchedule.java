package io.espalier.plugin.schedules;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.ChannelChoice;
import java.util.List;

/**
 * One cut as soon as the masks of several epochs agree (You et al., Drawing Early-Bird Tickets, ICLR 2020, arXiv 1909.11957, algorithm 1
 * and the authors' {@code EarlyBird}).
 *
 * <pre>
 * distance(a, b) = share of all channels that go in one of the masks a and b and stay in the other
 * cut when distance(last, each of the l - 1 before it) &lt;= epsilon,     l = 5, epsilon = 0.1
 * </pre>
 *
 * <p>The authors choose channels by the scales of batch norms under network slimming ({@code --criterion bn-scale --regularizer
 * slimming}) and count the masks of all norms alone, so that channels around an addition count several times; here a coupled channel
 * counts once. They ask before each epoch, the first included; here after each. Where masks never agree the cut comes at {@code end},
 * which is ours.
 */
public final class EarlyBirdSchedule extends SettlingSchedule {

    private static final String DISTANCE = "distance";
    private static final String MASKS = "masks";

    @Override
    public String name() {
        return "early-bird";
    }

    @Override
    public String description() {
        return "One cut as soon as the channels that would go are nearly the same for several epochs.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(DISTANCE, 0.1, 0, 1, "Largest share of channels in which masks differ."),
                OptionSpec.integer(MASKS, 5, 2, 1000, "Number of epochs whose masks are compared."),
                end(0.5));
    }

    @Override
    public boolean isSettled(List<ChannelChoice> choices, Options options) {
        int masks = (int) options.integer(MASKS);
        if (choices.size() < masks) {
            return false;
        }
        ChannelChoice last = choices.get(choices.size() - 1);
        return choices.subList(choices.size() - masks, choices.size()).stream()
                .allMatch(each -> distance(last, each) <= options.number(DISTANCE));
    }

    private static double distance(ChannelChoice one, ChannelChoice other) {
        long channels = 0;
        long different = 0;
        for (int group = 0; group < one.removed().length; group++) {
            for (int channel = 0; channel < one.removed()[group].length; channel++) {
                channels++;
                different += one.removed()[group][channel] == other.removed()[group][channel] ? 0 : 1;
            }
        }
        return channels == 0 ? 0 : (double) different / channels;
    }
}
