package io.espalier.engine.latency;

import java.util.List;

/**
 * Groups of equal structure and cost, timed together.
 *
 * @param groups their names
 * @param channels how many channels each of them has
 * @param part the part of what they save together that one of them saves alone, above 0
 * @param times what the network takes when all of them have some width, in descending order of widths
 */
public record TimedGroups(List<String> groups, int channels, double part, List<TimedWidth> times) {

    public TimedGroups {
        groups = List.copyOf(groups);
        times = List.copyOf(times);
    }

    /**
     * A time at a width.
     *
     * @param width channels that are left of each group, at least 1
     * @param share time of the cut network as a share of that with all widths, above 0
     */
    public record TimedWidth(int width, double share) {}

    /** Whether these are the times of a group. */
    public boolean isOf(String group, int width) {
        return channels == width && groups.contains(group);
    }
}
