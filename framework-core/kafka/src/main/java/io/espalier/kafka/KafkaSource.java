package io.espalier.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the topic. With a group, handled events are committed after every batch, and the next member continues there;
 * without one, all partitions are read and nothing is noted.
 */
final class KafkaSource implements EventSource {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration FAREWELL = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 2000;

    private final KafkaSettings settings;
    private final Optional<String> group;
    private final StartingPoint from;
    private final boolean untilEnd;
    private final Consumer<String> onTrouble;
    private final Map<TopicPartition, OffsetAndMetadata> handled = new HashMap<>();
    private volatile boolean stopped;
    private volatile KafkaConsumer<byte[], byte[]> consumer;

    KafkaSource(
            KafkaSettings settings,
            Optional<String> group,
            StartingPoint from,
            boolean untilEnd,
            Consumer<String> onTrouble) {
        this.settings = settings;
        this.group = group;
        this.from = from;
        this.untilEnd = untilEnd;
        this.onTrouble = onTrouble;
    }

    @Override
    public void read(EventHandlers handlers, Runnable ready) throws InterruptedException {
        awaitKafka();
        if (stopped) {
            return;
        }
        consumer = open();
        try {
            Map<TopicPartition, Long> ends = begin(ready);
            while (!stopped && !reached(ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (stopped) {
                        break;
                    }
                    handlers.take(record.value(), where(record));
                    handled.put(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                }
                commit();
            }
        } catch (WakeupException e) {
            // Only stop() wakes it up.
            stopped = true;
        } catch (KafkaException e) {
            throw Diagnosis.of(settings, e);
        } finally {
            farewell();
        }
    }

    /** Waits for brokers that are not there yet; what waiting does not help is thrown. */
    private void awaitKafka() throws InterruptedException {
        while (!stopped) {
            try {
                Brokers.check(settings);
                return;
            } catch (KafkaTroubleException e) {
                if (e.lasting()) {
                    throw e;
                }
                onTrouble.accept(e.getMessage());
                pause();
            }
        }
    }

    private void pause() throws InterruptedException {
        for (long waited = 0; waited < PAUSE_MILLIS && !stopped; waited += POLL.toMillis()) {
            Thread.sleep(POLL.toMillis());
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        Map<String, Object> defaults = Map.of("max.poll.records", 200, "auto.offset.reset", "earliest");
        Map<String, Object> fixed =
                new TreeMap<>(Map.of("enable.auto.commit", false, "allow.auto.create.topics", false));
        group.ifPresent(name -> fixed.put("group.id", name));
        return new KafkaConsumer<>(
                settings.client(defaults, fixed), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Decides where to begin; returns where to end, when that is wanted. */
    private Map<TopicPartition, Long> begin(Runnable ready) {
        if (group.isPresent()) {
            consumer.subscribe(Set.of(settings.topic()), new Assignment(ready));
            return Map.of();
        }
        List<TopicPartition> partitions = consumer.partitionsFor(settings.topic()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        seek(partitions);
        Map<TopicPartition, Long> ends = untilEnd ? consumer.endOffsets(partitions) : Map.of();
        ready.run();
        return ends;
    }

    private void seek(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            // To Kafka's client none means all.
            return;
        }
        if (from instanceof StartingPoint.Beginning) {
            consumer.seekToBeginning(partitions);
        } else if (from instanceof StartingPoint.Time since) {
            seek(partitions, since.instant().toEpochMilli());
        } else {
            consumer.seekToEnd(partitions);
        }
        // Seeking is lazy: asking for the position decides it now.
        partitions.forEach(consumer::position);
    }

    private void seek(Collection<TopicPartition> partitions, long millis) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, millis));
        consumer.offsetsForTimes(times).forEach((partition, found) -> {
            if (found == null) {
                consumer.seekToEnd(Set.of(partition));
            } else {
                consumer.seek(partition, found.offset());
            }
        });
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return untilEnd && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void commit() {
        if (group.isEmpty() || handled.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(handled);
            handled.clear();
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // The handler took so long that the group went on without this member. What it handled comes again, here
            // or elsewhere; here it is recognised.
            handled.clear();
        } catch (TimeoutException e) {
            // The brokers are away: committed with the next batch.
            onTrouble.accept("what was handled could not be committed yet: " + e.getMessage());
        }
    }

    private void farewell() {
        try {
            commit();
        } catch (WakeupException e) {
            // The wake-up that ended the loop may arrive here instead; it comes once.
            commit();
        } catch (KafkaException e) {
            // The cause is reported elsewhere; events that could not be committed are delivered again.
            onTrouble.accept("what was handled could not be committed: " + e.getMessage());
        } finally {
            consumer.close(CloseOptions.timeout(FAREWELL));
        }
    }

    private static String where(ConsumerRecord<byte[], byte[]> record) {
        return "offset " + record.offset() + " of " + record.topic() + "-" + record.partition();
    }

    @Override
    public void stop() {
        stopped = true;
        KafkaConsumer<byte[], byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
    }

    /** Positions partitions of which the group has none. */
    private final class Assignment implements ConsumerRebalanceListener {

        private final Runnable ready;

        Assignment(Runnable ready) {
            this.ready = ready;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            seek(partitions.stream()
                    .filter(partition -> committed.get(partition) == null)
                    .toList());
            ready.run();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
        }
    }
}
