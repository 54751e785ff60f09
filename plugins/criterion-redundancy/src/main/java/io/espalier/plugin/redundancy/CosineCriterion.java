package io.espalier.plugin.redundancy;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cosine redundancy: channels that compute nearly the same as another one are removed first, one after the other. A channel
 * scores {@code 1 - cosine} to the channel most similar to it among those that are left, times its share of the energy of all,
 * which is what is lost when that channel stands in for it in the best proportion: {@code (1 - cosine^2) ||x||^2}.
 *
 * <p>The cosine is between responses on calibration data: with {@code x_k} all that is read of channel {@code k} by the weights
 * that read it, {@code <x_k, x_l> / (||x_k|| ||x_l||)}. Redundancy of responses is the idea of neuron merging (Kim et al., NeurIPS
 * 2020, arXiv 2010.13160, section 3) and of correlation-based pruning (COP, Wang et al., arXiv 1906.10337, section 3.1); a scaled
 * copy is merged into its counterpart by the least squares of {@code --repair obs}, exactly where the cosine is 1.
 *
 * <p>Not without such a recovery, which merges what is removed; and not for channels that only several others together can stand
 * in for, which {@code obs} sees.
 */
public final class CosineCriterion implements ChannelCriterion {

    @Override
    public String name() {
        return "cosine";
    }

    @Override
    public String description() {
        return "Greedy: what is lost when the most similar channel stands in for this one (cosine redundancy).";
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.WEIGHT_INPUTS);
    }

    @Override
    public boolean scores(ChannelGroup group, ScoringContext context) {
        return !context.evidence(Evidence.WEIGHT_INPUTS).of(group).isEmpty();
    }

    @Override
    public double[] score(ChannelGroup group, ScoringContext context) {
        double[][] products =
                products(group.size(), context.evidence(Evidence.WEIGHT_INPUTS).of(group));
        double[] scores = new double[group.size()];
        List<Integer> left = new ArrayList<>();
        for (int channel = 0; channel < scores.length; channel++) {
            left.add(channel);
        }
        double highest = 0;
        while (!left.isEmpty()) {
            context.checkCancelled();
            int next = cheapest(products, left);
            highest = Math.max(highest, lost(products, next, left));
            scores[next] = highest;
            left.remove((Integer) next);
        }
        return scores;
    }

    /** The cheapest; of equals the last, because the lower index is kept. */
    private static int cheapest(double[][] products, List<Integer> left) {
        int cheapest = left.get(0);
        double least = Double.POSITIVE_INFINITY;
        for (int channel : left) {
            double lost = lost(products, channel, left);
            if (lost <= least) {
                cheapest = channel;
                least = lost;
            }
        }
        return cheapest;
    }

    /** The energy of a channel less what the best of the others explains of it. */
    private static double lost(double[][] products, int channel, List<Integer> left) {
        double explained = 0;
        for (int other : left) {
            double product = products[channel][other];
            if (other != channel && products[other][other] > 0) {
                explained = Math.max(explained, product * product / products[other][other]);
            }
        }
        return Math.max(0, products[channel][channel] - explained);
    }

    /** Products of what is read of any two channels, over samples; each weight counts relative to all that it reads. */
    private static double[][] products(int channels, List<WeightInputs> readers) {
        double[][] products = new double[channels][channels];
        for (WeightInputs reader : readers) {
            double energy = 0;
            for (int at = 0; at < reader.channels().length; at++) {
                energy += reader.gram()[at * reader.inputs() + at % reader.inputs()];
            }
            for (int group = 0; group < reader.groups() && energy > 0; group++) {
                add(reader, group, 1 / energy, products);
            }
        }
        return products;
    }

    /** Adds what one matrix of a weight reads. Of a window, the same position of both channels belongs together. */
    private static void add(WeightInputs reader, int group, double scale, double[][] products) {
        int size = reader.inputs();
        int[] position = positions(reader, group, products.length);
        for (int i = 0; i < size; i++) {
            int one = reader.channels()[group * size + i];
            for (int j = 0; j < size; j++) {
                int other = reader.channels()[group * size + j];
                if (one >= 0 && other >= 0 && position[i] == position[j]) {
                    products[one][other] += scale * reader.gram()[(group * size + i) * size + j];
                }
            }
        }
    }

    /** For each input, how many inputs of its channel stand before it. */
    private static int[] positions(WeightInputs reader, int group, int channels) {
        int[] seen = new int[channels];
        int[] positions = new int[reader.inputs()];
        for (int i = 0; i < positions.length; i++) {
            int channel = reader.channels()[group * positions.length + i];
            positions[i] = channel < 0 ? -1 : seen[channel]++;
        }
        return positions;
    }
}
