package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceGradients;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Magnitude of the gradient of the loss by a gate on what the weights read of a channel, averaged over all data: SNIP with nodes in the place
 * of connections. The gate multiplies what each of these weights reads, so that its gradient is the sum of weight times gradient over
 * all slices that read the channel.
 *
 * <p>Verdenius, Stol and Forré, "Pruning via Iterative Ranking of Sensitivity Statistics" (arXiv 2006.00896), section 3, SNAP-it; their
 * division by the loss changes no order and is left out.
 *
 * <p>Not for trained networks: where training has ended, averaged gradients are small and say little. Channels that no weight
 * reads are left alone.
 */
public final class SnapCriterion implements ChannelCriterion {

    @Override
    public String name() {
        return "snap";
    }

    @Override
    public String description() {
        return "Sensitivity of the loss to what weights read of each channel (SNAP).";
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.SLICE_GRADIENTS);
    }

    @Override
    public boolean scores(ChannelGroup group, ScoringContext context) {
        return IntStream.range(0, group.axes().size())
                .anyMatch(axis -> !sums(group, axis, context).isEmpty());
    }

    @Override
    public double[] score(ChannelGroup group, ScoringContext context) {
        double[] gates = new double[group.size()];
        for (int axis = 0; axis < group.axes().size(); axis++) {
            List<double[]> batches = sums(group, axis, context);
            for (int channel = 0; channel < gates.length; channel++) {
                for (int slice : group.slices(channel, axis)) {
                    for (double[] batch : batches) {
                        gates[channel] += batch[slice] / batches.size();
                    }
                }
            }
        }
        return IntStream.range(0, gates.length)
                .mapToDouble(channel -> Math.abs(gates[channel]))
                .toArray();
    }

    /** The sums of an axis along which a weight reads channels, batch by batch; of other axes nothing. */
    private static List<double[]> sums(ChannelGroup group, int axis, ScoringContext context) {
        ParameterAxis reader = group.axes().get(axis);
        SliceGradients gradients = context.evidence(Evidence.SLICE_GRADIENTS);
        return reader.role() == ParameterRole.CONSUMER ? gradients.of(reader) : List.of();
    }
}
