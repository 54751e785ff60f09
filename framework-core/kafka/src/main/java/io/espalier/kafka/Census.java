package io.espalier.kafka;

import io.espalier.events.JournalCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What a journal holds now.
 *
 * @param events events in it
 * @param end where the last of them ends
 * @param passedOver stretches between them that are no events
 * @param sentence what is wrong with it, without a full stop; empty when nothing is
 */
record Census(long events, long end, long passedOver, Optional<String> sentence) {

    static Census of(Path journal) throws IOException {
        long events = 0;
        long end = 0;
        long[] passedOver = {0};
        String[] first = new String[1];
        try (JournalCursor cursor = new JournalCursor(journal, 0, passed -> {
            first[0] = passedOver[0]++ == 0 ? "at byte " + passed.offset() + ": " + passed.reason() : first[0];
        })) {
            while (cursor.nextEnvelope().isPresent()) {
                events++;
                end = cursor.offset();
            }
            Optional<String> sentence = passedOver[0] == 0
                    ? cursor.rest()
                    : Optional.of(String.format(
                            Locale.ROOT,
                            "of the journal %s, %d %s passed over, first %s",
                            journal,
                            passedOver[0],
                            passedOver[0] == 1 ? "stretch that is no event was" : "stretches that are no events were",
                            first[0]));
            return new Census(events, end, passedOver[0], sentence);
        }
    }
}
