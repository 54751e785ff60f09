package io.espalier.engine.run;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.spi.schedule.ChannelChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** What the next cut would have removed after each epoch since the one before. Not thread-safe. */
final class ObservedChoices {

    /** The channels of each group that earlier cuts have left; groups without any are left out. */
    private final List<List<CoupledChannel>> groups;

    private final List<BitSet> choices = new ArrayList<>();

    /**
     * No choice yet.
     *
     * @param groups the groups of the original
     * @param earlier what earlier cuts removed
     */
    ObservedChoices(List<Group> groups, Removal earlier) {
        this.groups = groups.stream()
                .map(group -> group.channels().stream()
                        .filter(channel -> !isIn(earlier, channel))
                        .toList())
                .filter(channels -> !channels.isEmpty())
                .toList();
    }

    private static boolean isIn(Removal removal, CoupledChannel channel) {
        return Arrays.stream(channel.classes()).allMatch(removal::removes);
    }

    /** Takes a choice. */
    void add(Removal removal) {
        BitSet chosen = new BitSet();
        int number = 0;
        for (List<CoupledChannel> channels : groups) {
            for (CoupledChannel channel : channels) {
                chosen.set(number++, isIn(removal, channel));
            }
        }
        choices.add(chosen);
    }

    /** All choices, the last one last. */
    List<ChannelChoice> all() {
        return choices.stream().map(this::choice).toList();
    }

    private ChannelChoice choice(BitSet chosen) {
        boolean[][] removed = new boolean[groups.size()][];
        int number = 0;
        for (int group = 0; group < removed.length; group++) {
            removed[group] = new boolean[groups.get(group).size()];
            for (int channel = 0; channel < removed[group].length; channel++) {
                removed[group][channel] = chosen.get(number++);
            }
        }
        return new ChannelChoice(removed);
    }

    /** All choices as bytes. */
    List<byte[]> records() {
        return choices.stream().map(BitSet::toByteArray).toList();
    }

    /** Takes a choice from its bytes. */
    void restore(byte[] record) {
        choices.add(BitSet.valueOf(record));
    }
}
