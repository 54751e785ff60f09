package io.espalier.plugin.allocators;

import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.ChannelScores;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ranks all channels by score per cost saved: next is what loses least for each multiply-accumulate, parameter or byte.
 *
 * <p>The greedy rule for the knapsack that a target poses (HALP, arXiv 2110.10811, poses it for latency). Needs scores that
 * are comparable between groups. Savings are those of a channel removed alone from the unpruned network. A channel that
 * saves nothing is removed last.
 */
public final class PerCostAllocator implements SparsityAllocator {

    private static final String COST = "cost";

    @Override
    public String name() {
        return "per-cost";
    }

    @Override
    public String description() {
        return "All channels compete by score per cost saved.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(SavedCost.option());
    }

    @Override
    public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
        String cost = options.text(COST);
        List<double[]> scores = new ArrayList<>();
        for (ScoredGroup group : groups) {
            context.checkCancelled();
            double[] perCost = new double[group.scores().length];
            Arrays.setAll(
                    perCost,
                    channel -> SavedCost.perCost(
                            group.scores()[channel], group.savings().of(channel), cost));
            scores.add(perCost);
        }
        return new ChannelScores(scores);
    }
}
