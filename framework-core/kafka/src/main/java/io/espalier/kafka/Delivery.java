package io.espalier.kafka;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a journal has come on its way to Kafka.
 *
 * @param journal the journal
 * @param written events that lie in the journal
 * @param delivered events that Kafka has acknowledged
 * @param refused events that Kafka will never take, because they are larger than it allows; sent no more
 * @param passedOver how many times something lies in the journal that is no event; it is not sent
 * @param trouble why something is still missing, in one sentence, as far as that is known
 * @param note a sentence about something else that went wrong
 */
public record Delivery(
        Path journal,
        long written,
        long delivered,
        long refused,
        long passedOver,
        Optional<String> trouble,
        Optional<String> note) {

    /** Events that lie in the journal only, and can still be sent. */
    public long pending() {
        return written - delivered - refused;
    }

    /** Whether every event arrived. */
    public boolean complete() {
        return delivered == written;
    }

    /** What is missing on Kafka and why, in one sentence without a full stop; only when something is. */
    public String sentence() {
        StringBuilder sentence = new StringBuilder();
        if (pending() > 0) {
            sentence.append(count(pending())).append(" of ").append(count(written));
            sentence.append(pending() == 1 ? " events is" : " events are");
            sentence.append(" only in the journal ").append(journal);
            trouble.ifPresent(why -> sentence.append(": ").append(why));
        }
        if (refused > 0) {
            sentence.append(sentence.isEmpty() ? "" : "; and ");
            sentence.append(count(refused)).append(refused == 1 ? " event is" : " events are");
            sentence.append(" larger than Kafka allows (max.message.bytes of the topic) and only in the journal ");
            sentence.append(journal);
        }
        return sentence.toString();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
