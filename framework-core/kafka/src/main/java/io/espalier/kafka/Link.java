package io.espalier.kafka;

import io.espalier.events.EventEnvelope;
import io.espalier.kafka.Brokers.Destination;
import io.espalier.kafka.Progress.Sent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer for the events of one run, used until its first failure.
 *
 * <p>A record never expires in the producer: one that did would let those after it overtake, and leave a hole on the
 * topic. The link therefore waits for a broker that is unreachable; a caller that cannot wait closes it.
 */
final class Link implements AutoCloseable {

    private static final Map<String, Object> DEFAULTS = Map.of(
            "linger.ms", 20,
            "buffer.memory", 16 * 1024 * 1024,
            "max.block.ms", 2000,
            "request.timeout.ms", 10_000,
            "retry.backoff.max.ms", 1000,
            "reconnect.backoff.max.ms", 1000);

    private static final int BATCH_BYTES = 256 * 1024;

    private final KafkaSettings settings;
    private final byte[] key;
    private final CloudEventHeaders headers;
    private final Progress progress;
    private final KafkaProducer<byte[], byte[]> producer;
    private volatile Exception trouble;
    private volatile boolean closed;

    Link(KafkaSettings settings, Destination destination, String runId, Progress progress) {
        this.settings = settings;
        this.key = runId.getBytes(StandardCharsets.UTF_8);
        this.headers = new CloudEventHeaders(runId);
        this.progress = progress;
        Map<String, Object> defaults = new HashMap<>(DEFAULTS);
        defaults.put("batch.size", batchBytes(destination));
        Map<String, Object> fixed = Map.of(
                "acks",
                "all",
                "enable.idempotence",
                true,
                "delivery.timeout.ms",
                Integer.MAX_VALUE,
                "client.id",
                "espalier-" + runId);
        try {
            this.producer = new KafkaProducer<>(
                    settings.client(defaults, fixed), new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw Diagnosis.of(settings, e);
        }
    }

    /** Kafka's client splits a batch that is too large into batches of this size, so it must fit, or that never ends. */
    private static int batchBytes(Destination destination) {
        return Math.min(BATCH_BYTES, destination.maxBytes().orElse(Integer.MAX_VALUE) / 2);
    }

    /**
     * Sends an event; waits at most {@code max.block.ms} for room.
     *
     * @param event what surrounds its payload
     * @param bytes the event as it lies in the journal
     * @param end where it ends there
     */
    void send(EventEnvelope event, byte[] bytes, long end) {
        Sent sent = progress.send(end);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(settings.topic(), null, key, bytes, headers.of(event));
        producer.send(record, (metadata, failure) -> settled(sent, failure));
    }

    /** Why this link is of no use any more. */
    Optional<Exception> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void settled(Sent sent, Exception failure) {
        if (failure == null || failure instanceof RecordTooLargeException) {
            progress.settle(sent, failure != null);
        } else if (trouble == null && !closed) {
            // Never acknowledged: later events are not settled either, until a new link resumes at this one.
            trouble = failure;
        }
    }

    /** Gives up what has not been acknowledged. */
    @Override
    public void close() {
        closed = true;
        producer.close(Duration.ZERO);
    }
}
