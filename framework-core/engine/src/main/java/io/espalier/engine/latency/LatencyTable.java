package io.espalier.engine.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How long a network takes at several widths. With the same table the same is decided, without a clock.
 *
 * @param tool name and version of the program that measured
 * @param file name of the model file
 * @param model digest of the model
 * @param conditions where and how it was measured
 * @param nanos median time of the original
 * @param rest what is left without residual blocks, of which all other times are shares
 * @param multiples times of the network with all its groups cut, by the multiple that widths are rounded up to
 * @param groups times by widths of groups
 * @param corrections by what was measured of cut networks: how much more a cut saves than single groups say, by the way of deciding, or by
 *     way and target
 */
public record LatencyTable(
        String tool,
        String file,
        String model,
        Conditions conditions,
        long nanos,
        Rest rest,
        List<TimedMultiple> multiples,
        List<TimedGroups> groups,
        Map<String, Double> corrections) {

    /** Version of the form of its file. */
    public static final int SCHEMA_VERSION = 1;

    /** A multiple is as good as another if it is so near: what medians of alternating runs say varies by as much. */
    private static final double NEAR = 0.95;

    public LatencyTable {
        multiples = List.copyOf(multiples);
        groups = List.copyOf(groups);
        corrections = new TreeMap<>(corrections);
    }

    /**
     * Where and how times were measured.
     *
     * @param runtime name and version of the runtime
     * @param processor name of the processor
     * @param cores processors that the program may use
     * @param threads threads of the runtime
     * @param inputs shapes of the inputs, batch included
     */
    public record Conditions(String runtime, String processor, int cores, int threads, Map<String, List<Long>> inputs) {
        public Conditions {
            inputs = new TreeMap<>(inputs);
        }
    }

    /**
     * What is left of a network without some of its residual blocks.
     *
     * @param blocks the sums in which those end that are left out
     * @param share of the time of the original, above 0; 1 where there are none
     */
    public record Rest(List<String> blocks, double share) {

        /** All of the original. */
        public static final Rest WHOLE = new Rest(List.of(), 1);

        public Rest {
            blocks = List.copyOf(blocks);
        }
    }

    /** Nanoseconds of what is left without residual blocks, of which times of groups and multiples are shares. */
    public long restNanos() {
        return Math.max(1, Math.round(rest.share() * nanos));
    }

    /**
     * The time with widths that are multiples of a number.
     *
     * @param share of the time with all widths
     * @param macs multiply-accumulates as a share of those with all widths
     */
    public record TimedMultiple(int multiple, double share, double macs) {

        /** The time saved for the multiply-accumulates saved. */
        private double saving() {
            return macs < 1 ? (1 - share) / (1 - macs) : 0;
        }
    }

    /** The smallest multiple at which a cut saves about as much time for its multiply-accumulates as at any; empty when none was timed. */
    public Optional<Integer> fastMultiple() {
        double best =
                multiples.stream().mapToDouble(TimedMultiple::saving).max().orElse(0);
        return multiples.stream()
                .filter(each -> each.saving() >= best * NEAR)
                .map(TimedMultiple::multiple)
                .min(Integer::compare);
    }

    /** The times of a group, when it was timed. */
    public Optional<TimedGroups> of(String group, int channels) {
        return groups.stream().filter(each -> each.isOf(group, channels)).findFirst();
    }

    /**
     * The correction for a target in one way of deciding: the one that was measured for it, else that of the way; without either the mean
     * of all, and 1 without any.
     */
    public double correction(String way, String target) {
        return Stream.of(decision(way, target), way)
                .map(corrections::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> corrections.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(1));
    }

    private static String decision(String way, String target) {
        return way + " " + target;
    }

    /** The table with more groups. */
    public LatencyTable with(List<TimedGroups> more) {
        List<TimedGroups> all = new ArrayList<>(groups);
        all.addAll(more);
        return new LatencyTable(tool, file, model, conditions, nanos, rest, multiples, all, corrections);
    }

    /** The table with the times of multiples. */
    public LatencyTable withMultiples(List<TimedMultiple> timed) {
        return new LatencyTable(tool, file, model, conditions, nanos, rest, timed, groups, corrections);
    }

    /** The table with the correction for a target in one way of deciding. */
    public LatencyTable corrected(String way, String target, double correction) {
        return corrected(decision(way, target), correction);
    }

    /** The table with the correction for a way of deciding, whatever the target. */
    public LatencyTable corrected(String way, double correction) {
        Map<String, Double> changed = new TreeMap<>(corrections);
        changed.put(way, correction);
        return new LatencyTable(tool, file, model, conditions, nanos, rest, multiples, groups, changed);
    }
}
