package io.espalier.engine.guard;

import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.ChannelScores;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.allocator.SparsityAllocation.Rates;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.option.Options;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Calls an allocator. Thread-safe. */
public final class AllocatorGuard {

    private final SparsityAllocator allocator;
    private final ProviderGuard guard;

    public AllocatorGuard(SparsityAllocator allocator) {
        this.allocator = allocator;
        this.guard = new ProviderGuard(allocator);
    }

    /** An allocation that says something of every group. */
    public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
        SparsityAllocation allocation =
                guard.call("allocate", () -> allocator.allocate(List.copyOf(groups), options, context));
        if (allocation instanceof Pools pools) {
            checkPools(groups, pools.pools());
        } else if (allocation instanceof Rates rates) {
            checkRates(groups, rates.rates());
        } else if (allocation instanceof ChannelScores scores) {
            checkScores(groups, scores.scores());
        }
        return allocation;
    }

    private void checkPools(List<ScoredGroup> groups, List<RankingPool> pools) {
        String rule = "pools name every group exactly once";
        BitSet seen = new BitSet();
        for (RankingPool pool : pools) {
            for (int group : pool.groups()) {
                guard.require(
                        group >= 0 && group < groups.size(),
                        "it named group " + group + " of " + groups.size() + " groups, counted from 0",
                        rule);
                guard.require(
                        !seen.get(group),
                        "it named the group '" + groups.get(group).name() + "' twice",
                        rule);
                seen.set(group);
            }
        }
        int missing = seen.nextClearBit(0);
        if (missing < groups.size()) {
            guard.require(
                    false,
                    "it left out " + (groups.size() - seen.cardinality()) + " of " + groups.size()
                            + " groups, the first of them '"
                            + groups.get(missing).name() + "'",
                    rule);
        }
    }

    private void checkRates(List<ScoredGroup> groups, List<Double> rates) {
        String rule = "there is one finite rate for each group, none below 0";
        guard.require(
                rates.size() == groups.size(),
                "it returned " + rates.size() + " rates for " + groups.size() + " groups",
                rule);
        for (int group = 0; group < rates.size(); group++) {
            double rate = rates.get(group);
            guard.require(
                    rate >= 0 && rate <= Double.MAX_VALUE,
                    "it gave the group '" + groups.get(group).name() + "' the rate " + rate,
                    rule);
        }
    }

    private void checkScores(List<ScoredGroup> groups, List<double[]> scores) {
        String rule = "there is one finite score for each channel of each group";
        guard.require(
                scores.size() == groups.size(),
                "it returned scores for " + scores.size() + " groups of " + groups.size(),
                rule);
        for (int group = 0; group < scores.size(); group++) {
            int channels = groups.get(group).scores().length;
            String name = groups.get(group).name();
            double[] own = scores.get(group);
            guard.require(
                    own.length == channels,
                    "it returned " + own.length + " scores for the " + channels + " channels of '" + name + "'",
                    rule);
            guard.require(
                    Arrays.stream(own).allMatch(Double::isFinite),
                    "it scored a channel of '" + name + "' as NaN or infinity",
                    rule);
        }
    }
}
