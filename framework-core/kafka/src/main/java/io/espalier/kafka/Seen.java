package io.espalier.kafka;

import io.espalier.events.SequenceNumbers;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recognises events that come a second time, by run id and sequence, in bounded memory.
 *
 * <p>Of more than {@value #MAX_RUNS} runs the one that was silent longest is forgotten. Not thread-safe.
 */
final class Seen {

    static final int MAX_RUNS = 10_000;

    private final Map<String, SequenceNumbers> runs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SequenceNumbers> eldest) {
            return size() > MAX_RUNS;
        }
    };

    /** Whether an event came before; from now on it did. */
    boolean before(String runId, long sequence) {
        return !runs.computeIfAbsent(runId, id -> new SequenceNumbers()).add(sequence);
    }
}
