package io.espalier.engine.allocate;

import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.latency.LatencyModel;
import io.espalier.graph.cost.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds out which options keep a target from being reached. */
final class UnreachableTargetReport {

    private final Coupling coupling;
    private final RemovalCosts costs;
    private final Widths widths;
    private final List<Group> ignored;
    private final List<Group> still;
    private final Target target;
    private final Optional<LatencyModel> latency;

    /**
     * A report.
     *
     * @param ignored groups that are left alone by name, or because the criterion does not read them
     * @param still groups from which the allocator removes nothing
     * @param latency times of the groups, where the target is one
     */
    UnreachableTargetReport(
            Coupling coupling,
            RemovalCosts costs,
            Widths widths,
            List<Group> ignored,
            List<Group> still,
            Target target,
            Optional<LatencyModel> latency) {
        this.latency = latency;
        this.coupling = coupling;
        this.costs = costs;
        this.widths = widths;
        this.ignored = ignored;
        this.still = still;
        this.target = target;
    }

    UnreachableTargetException explain(List<Group> groups, long lowest, long limit) {
        List<String> options = new ArrayList<>();
        Widths narrow = new Widths(0, widths.roundTo(), widths.isAuto());
        Widths unaligned = new Widths(widths.minKeep(), 1);
        if (widths.minKeep() > 0 && lowest(groups, narrow) < lowest(groups, widths)) {
            options.add(
                    "--min-keep " + widths.minKeep() + " (0 would leave " + target.shown(lowest(groups, narrow)) + ")");
        }
        if (widths.roundTo() > 1 && lowest(groups, unaligned) < lowest(groups, widths)) {
            options.add("--round-to " + widths.roundTo() + " (1 would leave " + target.shown(lowest(groups, unaligned))
                    + ")");
        }
        if (!ignored.isEmpty() && target.metric() != Target.Metric.CHANNELS && latency.isEmpty()) {
            List<Group> all = new ArrayList<>(groups);
            all.addAll(ignored);
            options.add("--ignore, --only or the criterion, which keep " + ignored.size() + " groups (without them "
                    + lowest(all, widths) + " would be left)");
        }
        if (!still.isEmpty()) {
            options.add("rates of 0 for " + still.size() + " groups");
        }
        if (target.looksLikeShare()) {
            return new UnreachableTargetException(String.format(
                    Locale.ROOT,
                    "The target '%s' cannot be reached: it allows %d of %s, but at least %d remain; did you mean"
                            + " '%s%%'?",
                    target,
                    limit,
                    target.metric(),
                    lowest,
                    target));
        }
        return new UnreachableTargetException(String.format(
                Locale.ROOT,
                "The target '%s' cannot be reached: it allows %s, but at least %s remain%s.",
                target,
                target.shown(limit),
                target.shown(lowest),
                options.isEmpty()
                        ? "; give a larger target, since everything that may be removed is removed then"
                        : "; in the way: " + String.join(", ", options)));
    }

    /** What remains when every group is as narrow as may be. */
    private long lowest(List<Group> groups, Widths limits) {
        List<CoupledChannel> gone = new ArrayList<>();
        int[] removed = new int[groups.size()];
        long kept = 0;
        for (int i = 0; i < removed.length; i++) {
            Group group = groups.get(i);
            int channels = group.channels().size();
            int fewest = still.contains(group) ? channels : limits.fewest(channels, limits.block(coupling, group));
            gone.addAll(group.channels().subList(fewest, channels));
            kept += fewest;
            removed[i] = channels - fewest;
        }
        if (latency.isPresent()) {
            return latency.get().nanos(removed, Removal.of(gone));
        }
        Cost cost = costs.of(Removal.of(gone));
        return switch (target.metric()) {
            case MACS -> cost.macs();
            case PARAMS -> cost.parameters();
            case BYTES -> cost.bytes();
            default -> kept;
        };
    }
}
