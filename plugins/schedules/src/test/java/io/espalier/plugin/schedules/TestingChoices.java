package io.espalier.plugin.schedules;

import io.espalier.spi.schedule.ChannelChoice;
import java.util.Arrays;
import java.util.List;

/** Choices as texts: a group for each word, 1 for a channel that goes. */
final class TestingChoices {

    private TestingChoices() {}

    static List<ChannelChoice> of(String... masks) {
        return Arrays.stream(masks).map(TestingChoices::of).toList();
    }

    private static ChannelChoice of(String mask) {
        return new ChannelChoice(Arrays.stream(mask.split(" "))
                .map(group -> {
                    boolean[] removed = new boolean[group.length()];
                    for (int channel = 0; channel < removed.length; channel++) {
                        removed[channel] = group.charAt(channel) == '1';
                    }
                    return removed;
                })
                .toArray(boolean[][]::new));
    }
}
