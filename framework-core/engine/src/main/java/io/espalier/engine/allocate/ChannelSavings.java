package io.espalier.engine.allocate;

import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.allocator.ScoredGroup.Saving;
import io.espalier.spi.allocator.ScoredGroup.Savings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What removing a channel alone saves. Costs follow from extents, so channels that hold equally many positions of every
 * axis save the same and are computed once. Thread-safe.
 */
public final class ChannelSavings implements Savings {

    private final Coupling coupling;
    private final RemovalCosts costs;
    private final Group group;
    private final long nanos;
    private final Map<List<Integer>, Saving> known = new HashMap<>();
    private List<int[]> classes;

    /**
     * The savings of a group.
     *
     * @param costs exact costs of removals from the unpruned network
     * @param nanos what a channel saves in the native runtime; 0 when that was not measured
     */
    public ChannelSavings(Coupling coupling, RemovalCosts costs, Group group, long nanos) {
        this.nanos = nanos;
        this.coupling = coupling;
        this.costs = costs;
        this.group = group;
    }

    @Override
    public synchronized Saving of(int channel) {
        CoupledChannel removed = group.channels().get(channel);
        return known.computeIfAbsent(positions(removed), key -> saving(removed));
    }

    private Saving saving(CoupledChannel channel) {
        Cost before = costs.of(Removal.of(List.<CoupledChannel>of()));
        Cost after = costs.of(Removal.of(List.of(channel)));
        return new Saving(
                before.macs() - after.macs(),
                before.parameters() - after.parameters(),
                before.bytes() - after.bytes(),
                nanos);
    }

    /** How many positions of each axis a channel holds. */
    private List<Integer> positions(CoupledChannel channel) {
        if (classes == null) {
            classes = new ArrayList<>();
            for (LabelledAxis axis : group.labelledAxes()) {
                classes.add(coupling.classesAt(axis));
            }
        }
        BitSet own = new BitSet();
        Arrays.stream(channel.classes()).forEach(own::set);
        return classes.stream()
                .map(axis -> (int) Arrays.stream(axis)
                        .filter(each -> each >= 0 && own.get(each))
                        .count())
                .toList();
    }
}
