package io.espalier.engine.latency;

import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The time that a network takes after a cut, from what it takes when single groups are cut.
 *
 * <p>Savings of groups overlap where an operator reads one group and computes another: of a product of two widths each half saves a
 * half, and both save three quarters. They overlap as the multiply-accumulates do, which are counted exactly. What that leaves
 * out is corrected by the time of a cut network, when one was measured. Not thread-safe.
 */
public final class LatencyModel {

    private static final Removal NOTHING = Removal.of(List.<CoupledChannel>of());

    private final long nanos;
    private final double correction;
    private final RemovalCosts costs;
    private final List<Group> groups;
    private final List<WidthCurve> curves = new ArrayList<>();
    private final List<Double> parts = new ArrayList<>();
    private final List<Map<Integer, Long>> alone = new ArrayList<>();
    private final long macs;

    /**
     * A model.
     *
     * @param groups each of them in the table
     * @param correction see {@link LatencyTable#corrections}
     */
    public LatencyModel(LatencyTable table, List<Group> groups, RemovalCosts costs, double correction) {
        this.nanos = table.restNanos();
        this.correction = correction;
        this.costs = costs;
        this.groups = List.copyOf(groups);
        this.macs = costs.macs(NOTHING);
        for (Group group : groups) {
            TimedGroups times = table.of(group.name(), group.channels().size()).orElseThrow();
            curves.add(WidthCurve.of(times));
            parts.add(times.part());
            alone.add(new HashMap<>());
        }
    }

    /** The last channels of a group, which stand for any. */
    public static List<CoupledChannel> last(Group group, int number) {
        int channels = group.channels().size();
        return group.channels().subList(channels - number, channels);
    }

    private long macsSaved(int group, int removed) {
        return alone.get(group)
                .computeIfAbsent(removed, number -> macs - costs.macs(Removal.of(last(groups.get(group), number))));
    }

    /** Nanoseconds before anything is removed of a group. */
    public long nanos() {
        return nanos;
    }

    /** Nanoseconds that a group alone saves, when so many of its channels are removed. */
    public double saved(int group, int removed) {
        int channels = groups.get(group).channels().size();
        return nanos * parts.get(group) * curves.get(group).saved(channels - removed);
    }

    /** Nanoseconds that a channel of a group saves, as a mean over all that may go. */
    public long savedPerChannel(int group) {
        int most = groups.get(group).channels().size() - curves.get(group).narrowest();
        return Math.round(saved(group, most) / Math.max(1, most));
    }

    /**
     * Nanoseconds of what a removal leaves, at least 1.
     *
     * @param removed how many channels each group loses
     * @param removal the same as classes
     */
    public long nanos(int[] removed, Removal removal) {
        double saved = 0;
        long single = 0;
        for (int group = 0; group < removed.length; group++) {
            if (removed[group] > 0) {
                saved += saved(group, removed[group]);
                single += macsSaved(group, removed[group]);
            }
        }
        double overlap = single > 0 ? (double) (macs - costs.macs(removal)) / single : 1;
        return Math.max(1, Math.round(nanos - correction * overlap * saved));
    }
}
