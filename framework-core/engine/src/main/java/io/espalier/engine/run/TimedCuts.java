package io.espalier.engine.run;

import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.RemainingCounts;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.latency.LatencyModel;
import io.espalier.engine.latency.LatencyTable.TimedMultiple;
import io.espalier.engine.latency.TimedGroups;
import io.espalier.engine.latency.TimedGroups.TimedWidth;
import io.espalier.spi.RunContext;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Times a network at several widths of its groups. Groups of equal structure and cost are cut together: that takes fewer measurements, and
 * what one group saves is often less than the noise.
 */
final class TimedCuts {

    /** Widths of a group in eighths: odd ones show steps of the runtime that even ones would hide. */
    private static final int[] FINE = {7, 6, 5, 4, 3, 2, 1};

    private static final int[] COARSE = {6, 4, 2};
    private static final int EIGHTHS = 8;
    private static final List<Integer> MULTIPLES = List.of(1, 2, 4, 8, 16, 32);
    /** What is left when multiples are compared: few widths are round there. */
    private static final double COMPARED = 0.61;

    private static final int FEWEST_ROUNDS = 7;
    private static final Removal NOTHING = Removal.of(List.<CoupledChannel>of());

    private final Analysis analysis;
    private final RemovalCosts costs;
    private final CutTimer timer;
    private final RunContext context;

    TimedCuts(Analysis analysis, RemovalCosts costs, CutTimer timer, RunContext context) {
        this.analysis = analysis;
        this.costs = costs;
        this.timer = timer;
        this.context = context;
    }

    /** The times of all groups. */
    List<TimedGroups> of(List<Group> groups) {
        List<List<Group>> kinds = kinds(groups);
        List<TimedGroups> timed = new ArrayList<>();
        long begun = System.nanoTime();
        for (int kind = 0; kind < kinds.size(); kind++) {
            context.progress("timing widths", kind, kinds.size());
            double left = timer.seconds() - (System.nanoTime() - begun) / 1e9;
            timed.add(timed(kinds.get(kind), left / (kinds.size() - kind)));
        }
        context.progress("timing widths", kinds.size(), kinds.size());
        return timed;
    }

    /** Groups that save the same, in the order of the first of each kind. */
    private List<List<Group>> kinds(List<Group> groups) {
        Map<List<Object>, List<Group>> kinds = new LinkedHashMap<>();
        for (Group group : groups) {
            List<Object> kind =
                    List.of(group.signature(), group.channels().size(), costs.macs(lastOf(List.of(group), 1)));
            kinds.computeIfAbsent(kind, key -> new ArrayList<>()).add(group);
        }
        return List.copyOf(kinds.values());
    }

    private TimedGroups timed(List<Group> kind, double most) {
        int channels = kind.get(0).channels().size();
        Map<Integer, Removal> cuts = cuts(kind, FINE);
        if (cuts.size() * timer.seconds(FEWEST_ROUNDS) > most) {
            cuts = cuts(kind, COARSE);
        }
        List<Integer> widths = List.copyOf(cuts.keySet());
        List<Double> shares = timer.shares(List.copyOf(cuts.values()), timer.rounds(cuts.size(), most));
        List<TimedWidth> times = new ArrayList<>();
        for (int i = 0; i < widths.size(); i++) {
            times.add(new TimedWidth(widths.get(i), shares.get(i)));
        }
        return new TimedGroups(kind.stream().map(Group::name).toList(), channels, part(kind, widths), times);
    }

    /** Removals of the last channels of all groups, by the width that is left, the widest first. */
    private Map<Integer, Removal> cuts(List<Group> kind, int[] eighths) {
        int channels = kind.get(0).channels().size();
        Map<Integer, Removal> cuts = new TreeMap<>((one, other) -> other - one);
        for (int part : eighths) {
            int width = Math.max(1, channels * part / EIGHTHS);
            if (width < channels && leavesSome(kind, channels - width)) {
                cuts.put(width, lastOf(kind, channels - width));
            }
        }
        return cuts;
    }

    private boolean leavesSome(List<Group> kind, int removed) {
        RemainingCounts counts = new RemainingCounts(analysis.coupling());
        return kind.stream().allMatch(group -> counts.remove(classes(LatencyModel.last(group, removed))));
    }

    private static BitSet classes(List<CoupledChannel> channels) {
        BitSet classes = new BitSet();
        for (CoupledChannel channel : channels) {
            for (int each : channel.classes()) {
                classes.set(each);
            }
        }
        return classes;
    }

    private static Removal lastOf(List<Group> kind, int removed) {
        List<CoupledChannel> gone = new ArrayList<>();
        kind.forEach(group -> gone.addAll(LatencyModel.last(group, removed)));
        return Removal.of(gone);
    }

    /** What a group saves alone of what all save together, by multiply-accumulates; equal parts where there are none. */
    private double part(List<Group> kind, List<Integer> widths) {
        if (kind.size() == 1 || widths.isEmpty()) {
            return 1.0 / kind.size();
        }
        int removed = kind.get(0).channels().size() - widths.get(widths.size() - 1);
        long whole = costs.macs(NOTHING);
        long all = whole - costs.macs(lastOf(kind, removed));
        long one = whole - costs.macs(lastOf(List.of(kind.get(0)), removed));
        return all > 0 && one > 0 ? (double) one / all : 1.0 / kind.size();
    }

    /** The times of the network with all groups cut alike, by the multiple that widths are rounded up to. */
    List<TimedMultiple> multiples(List<Group> groups, Widths widths) {
        Map<BitSet, Integer> cuts = new LinkedHashMap<>();
        for (int multiple : MULTIPLES) {
            cuts.putIfAbsent(roundedUp(groups, widths.at(multiple)), multiple);
        }
        List<Integer> multiples = List.copyOf(cuts.values());
        List<Removal> removals = cuts.keySet().stream().map(Removal::of).toList();
        List<Double> shares = timer.shares(removals, timer.rounds(cuts.size()));
        List<TimedMultiple> timed = new ArrayList<>();
        for (int i = 0; i < multiples.size(); i++) {
            timed.add(new TimedMultiple(multiples.get(i), shares.get(i), macs(removals.get(i))));
        }
        return timed;
    }

    private double macs(Removal removal) {
        long whole = costs.macs(NOTHING);
        return whole == 0 ? 1 : (double) costs.macs(removal) / whole;
    }

    private BitSet roundedUp(List<Group> groups, Widths widths) {
        RemainingCounts counts = new RemainingCounts(analysis.coupling());
        BitSet gone = new BitSet();
        for (Group group : groups) {
            int channels = group.channels().size();
            int block = widths.block(analysis.coupling(), group);
            int kept = (int) Math.min(channels, Math.ceil(COMPARED * channels / block) * block);
            BitSet classes = classes(LatencyModel.last(group, channels - kept));
            if (counts.remove(classes)) {
                gone.or(classes);
            }
        }
        return gone;
    }
}
