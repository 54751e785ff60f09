package io.espalier.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Recognises events that come a second time, by run id and sequence, in bounded memory.
 *
 * <p>Of each run it keeps which stretches of sequence numbers have come: one stretch when nothing is missing. Of more
 * than {@value #MAX_RUNS} runs the one that was silent longest is forgotten; of more than {@value #MAX_STRETCHES}
 * stretches the first two become one, so that what is missing between them would not be taken any more. Not
 * thread-safe.
 */
final class Seen {

    static final int MAX_RUNS = 10_000;
    static final int MAX_STRETCHES = 64;

    private final Map<String, Stretches> runs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Stretches> eldest) {
            return size() > MAX_RUNS;
        }
    };

    /** Whether an event came before; from now on it did. */
    boolean before(String runId, long sequence) {
        return !runs.computeIfAbsent(runId, id -> new Stretches()).add(sequence);
    }

    /** Numbers as stretches without holes: first number to last number. */
    private static final class Stretches {

        private final TreeMap<Long, Long> stretches = new TreeMap<>();

        /** Adds a number; returns whether it was new. */
        boolean add(long number) {
            Map.Entry<Long, Long> below = stretches.floorEntry(number);
            if (below != null && below.getValue() >= number) {
                return false;
            }
            long first = below != null && below.getValue() == number - 1 ? below.getKey() : number;
            Long above = stretches.remove(number + 1);
            stretches.put(first, above == null ? number : above);
            if (stretches.size() > MAX_STRETCHES) {
                Map.Entry<Long, Long> lowest = stretches.pollFirstEntry();
                Map.Entry<Long, Long> next = stretches.pollFirstEntry();
                stretches.put(lowest.getKey(), next.getValue());
            }
            return true;
        }
    }
}
