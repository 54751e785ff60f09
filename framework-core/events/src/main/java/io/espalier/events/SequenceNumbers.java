package io.espalier.events;

import java.util.Map;
import java.util.TreeMap;

/**
 * The sequence numbers of one run that have come, in bounded memory, as stretches without gaps: one stretch when nothing
 * is missing. Of more than {@value #MAX_STRETCHES} stretches the first two become one, so that a number that is missing
 * between them counts as one that has come. Not thread-safe.
 */
public final class SequenceNumbers {

    /** Stretches that are remembered. */
    public static final int MAX_STRETCHES = 64;

    /** First number to last number; null while there is one stretch or none, which is the ordinary case. */
    private TreeMap<Long, Long> stretches;

    private long first;
    private long last;

    /** No number has come. */
    public SequenceNumbers() {
        first = 1;
        last = 0;
    }

    /**
     * Adds a number.
     *
     * @param number at least 1
     * @return whether it is new
     */
    public boolean add(long number) {
        if (stretches != null) {
            return addApart(number);
        }
        if (last == 0) {
            first = number;
            last = number;
            return true;
        }
        if (number >= first && number <= last) {
            return false;
        }
        if (number == last + 1) {
            last = number;
            return true;
        }
        stretches = new TreeMap<>(Map.of(first, last));
        return addApart(number);
    }

    private boolean addApart(long number) {
        Map.Entry<Long, Long> below = stretches.floorEntry(number);
        if (below != null && below.getValue() >= number) {
            return false;
        }
        long start = below != null && below.getValue() == number - 1 ? below.getKey() : number;
        Long above = number == Long.MAX_VALUE ? null : stretches.remove(number + 1);
        stretches.put(start, above == null ? number : above);
        if (stretches.size() > MAX_STRETCHES) {
            long lowest = stretches.pollFirstEntry().getKey();
            stretches.put(lowest, stretches.pollFirstEntry().getValue());
        }
        if (stretches.size() == 1) {
            first = stretches.firstKey();
            last = stretches.firstEntry().getValue();
            stretches = null;
        }
        return true;
    }
}
