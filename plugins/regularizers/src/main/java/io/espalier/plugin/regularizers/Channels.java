package io.espalier.plugin.regularizers;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.regularizer.CoupledGroup;
import io.espalier.spi.regularizer.CoupledSlices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The channels of all groups in one line, with their elements of some roles. Immutable. */
final class Channels {

    private final List<CoupledGroup> groups;
    private final List<List<CoupledSlices>> slices = new ArrayList<>();
    private final int[] groupOf;
    private final int[] starts;

    private Channels(List<CoupledGroup> groups, Predicate<CoupledSlices> chosen) {
        this.groups = groups;
        this.starts = new int[groups.size() + 1];
        for (int group = 0; group < groups.size(); group++) {
            slices.add(groups.get(group).slices().stream().filter(chosen).toList());
            starts[group + 1] = starts[group] + groups.get(group).size();
        }
        this.groupOf = new int[starts[groups.size()]];
        for (int group = 0; group < groups.size(); group++) {
            Arrays.fill(groupOf, starts[group], starts[group + 1], group);
        }
    }

    /** With everything that goes with a channel. */
    static Channels whole(List<CoupledGroup> groups) {
        return new Channels(groups, each -> true);
    }

    /** With what makes a channel, and not what reads it: when it is 0 the channel is, where activations keep 0. */
    static Channels made(List<CoupledGroup> groups) {
        return new Channels(groups, each -> each.role() != ParameterRole.CONSUMER);
    }

    /** With the scales of norms. */
    static Channels scales(List<CoupledGroup> groups) {
        return new Channels(groups, each -> each.role() == ParameterRole.NORM_SCALE);
    }

    /** With what reads them. */
    static Channels read(List<CoupledGroup> groups) {
        return new Channels(groups, each -> each.role() == ParameterRole.CONSUMER);
    }

    /** With what some weights hold of them. */
    static Channels of(List<CoupledGroup> groups, Set<String> weights) {
        return new Channels(groups, each -> weights.contains(each.weight()));
    }

    int count() {
        return groupOf.length;
    }

    int groups() {
        return groups.size();
    }

    int groupOf(int channel) {
        return groupOf[channel];
    }

    /** The slices of a channel: an array of indices for each of {@link #slices}. */
    int[] elements(int channel, CoupledSlices slices) {
        return slices.elements()[channel - starts[groupOf[channel]]];
    }

    List<CoupledSlices> slices(int channel) {
        return slices.get(groupOf[channel]);
    }

    /** Number of elements. */
    int size(int channel) {
        int size = 0;
        for (CoupledSlices each : slices(channel)) {
            size += elements(channel, each).length;
        }
        return size;
    }

    /** The sum of the products of two arrays' elements. */
    double dot(int channel, Map<String, float[]> one, Map<String, float[]> other) {
        double sum = 0;
        for (CoupledSlices each : slices(channel)) {
            float[] left = one.get(each.weight());
            float[] right = other.get(each.weight());
            for (int element : elements(channel, each)) {
                sum += (double) left[element] * right[element];
            }
        }
        return sum;
    }

    double norm(int channel, Map<String, float[]> weights) {
        return Math.sqrt(dot(channel, weights, weights));
    }

    double absoluteSum(int channel, Map<String, float[]> weights) {
        double sum = 0;
        for (CoupledSlices each : slices(channel)) {
            float[] values = weights.get(each.weight());
            for (int element : elements(channel, each)) {
                sum += Math.abs(values[element]);
            }
        }
        return sum;
    }

    double largest(int channel, Map<String, float[]> weights) {
        double largest = 0;
        for (CoupledSlices each : slices(channel)) {
            float[] values = weights.get(each.weight());
            for (int element : elements(channel, each)) {
                largest = Math.max(largest, Math.abs(values[element]));
            }
        }
        return largest;
    }

    /** Adds a multiple of some arrays to others. */
    void add(int channel, double factor, Map<String, float[]> from, Map<String, float[]> to) {
        for (CoupledSlices each : slices(channel)) {
            float[] source = from.get(each.weight());
            float[] sink = to.get(each.weight());
            for (int element : elements(channel, each)) {
                sink[element] += (float) (factor * source[element]);
            }
        }
    }

    void scale(int channel, double factor, Map<String, float[]> weights) {
        for (CoupledSlices each : slices(channel)) {
            float[] values = weights.get(each.weight());
            for (int element : elements(channel, each)) {
                values[element] = factor == 0 ? 0 : (float) (factor * values[element]);
            }
        }
    }

    /** Numbers of channels, group by group. */
    double[][] byGroup(double... numbers) {
        double[][] split = new double[groups.size()][];
        Arrays.setAll(split, group -> Arrays.copyOfRange(numbers, starts[group], starts[group + 1]));
        return split;
    }

    /** Numbers in means of their group, as the cut compares channels of different groups: narrow layers and wide ones lose alike. */
    double[] inMeans(double... numbers) {
        double[] means = new double[groups.size()];
        for (int channel = 0; channel < numbers.length; channel++) {
            means[groupOf[channel]] +=
                    numbers[channel] / groups.get(groupOf[channel]).size();
        }
        double[] relative = new double[numbers.length];
        Arrays.setAll(
                relative, channel -> means[groupOf[channel]] == 0 ? 0 : numbers[channel] / means[groupOf[channel]]);
        return relative;
    }

    /** Writes which channels are chosen as 1 into an array of zeros and ones. */
    void mark(boolean[][] chosen, float... marks) {
        for (int channel = 0; channel < marks.length; channel++) {
            int group = groupOf[channel];
            marks[channel] = chosen[group][channel - starts[group]] ? 1 : 0;
        }
    }
}
