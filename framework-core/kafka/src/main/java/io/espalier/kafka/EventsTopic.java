package io.espalier.kafka;

import io.espalier.events.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topic of events: makes it, or says how an existing one differs from what is wanted. */
public final class EventsTopic {

    /** Room around an event: key, headers and framing. */
    private static final int OVERHEAD_BYTES = 2048;

    private static final int TRIES = 50;
    private static final long PAUSE_MILLIS = 100;

    /** Number of partitions of a new topic by default. */
    static final int PARTITIONS = 3;

    private EventsTopic() {}

    /**
     * What a topic should be like; what is left open is the cluster's choice.
     *
     * @param partitions into how many parts runs are divided; all events of a run are in one; empty is
     *     {@value #PARTITIONS}
     * @param replication copies of each event
     * @param retention how long events are kept; negative is for ever
     */
    public record Layout(OptionalInt partitions, OptionalInt replication, Optional<Duration> retention) {}

    /**
     * What a topic is like now.
     *
     * @param created whether it was made just now
     * @param partitions its parts
     * @param replication copies of each event
     * @param retentionMillis how long events are kept; below 0 for ever
     * @param differences sentences about what is not as it should be; nothing of it was changed
     */
    public record State(
            boolean created, int partitions, int replication, long retentionMillis, List<String> differences) {
        public State {
            differences = List.copyOf(differences);
        }
    }

    /**
     * Makes the topic unless it exists.
     *
     * @throws KafkaTroubleException when Kafka cannot be reached or refuses
     */
    public static State init(KafkaSettings settings, Layout wanted) {
        try (Brokers brokers = new Brokers(settings)) {
            boolean created = create(brokers, settings, wanted);
            TopicDescription topic = created ? awaited(brokers, settings) : described(brokers, settings);
            Config config = brokers.topicSettings();
            int partitions = topic.partitions().size();
            int replication = topic.partitions().get(0).replicas().size();
            long retention = Long.parseLong(config.get("retention.ms").value());
            int maxBytes = Integer.parseInt(config.get("max.message.bytes").value());
            return new State(
                    created,
                    partitions,
                    replication,
                    retention,
                    differences(wanted, partitions, replication, retention, maxBytes));
        }
    }

    private static TopicDescription described(Brokers brokers, KafkaSettings settings) {
        return brokers.ask(
                        brokers.admin().describeTopics(Set.of(settings.topic())).allTopicNames())
                .get(settings.topic());
    }

    /** A new topic is known to the controller at once, to the brokers a moment later. */
    private static TopicDescription awaited(Brokers brokers, KafkaSettings settings) {
        for (int attempt = 1; ; attempt++) {
            try {
                return described(brokers, settings);
            } catch (KafkaTroubleException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || attempt == TRIES) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean create(Brokers brokers, KafkaSettings settings, Layout wanted) {
        Map<String, String> config = new TreeMap<>();
        wanted.retention().ifPresent(time -> config.put("retention.ms", Long.toString(time.toMillis())));
        Optional<Integer> partitions = Optional.of(wanted.partitions().orElse(PARTITIONS));
        Optional<Short> replication = wanted.replication().isPresent()
                ? Optional.of((short) wanted.replication().getAsInt())
                : Optional.empty();
        NewTopic topic = new NewTopic(settings.topic(), partitions, replication).configs(config);
        try {
            brokers.ask(brokers.admin().createTopics(Set.of(topic)).all());
            return true;
        } catch (KafkaTroubleException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    private static List<String> differences(
            Layout wanted, int partitions, int replication, long retention, int maxBytes) {
        List<String> differences = new ArrayList<>();
        if (wanted.partitions().orElse(partitions) != partitions) {
            differences.add("it has " + partitions + " partitions, not "
                    + wanted.partitions().getAsInt());
        }
        if (wanted.replication().orElse(replication) != replication) {
            differences.add("it has a replication of " + replication + ", not "
                    + wanted.replication().getAsInt());
        }
        wanted.retention()
                .map(Duration::toMillis)
                .filter(each -> each != retention)
                .ifPresent(each -> differences.add("its retention.ms is " + retention + ", not " + each));
        if (maxBytes < Events.MAX_BYTES + OVERHEAD_BYTES) {
            differences.add("its max.message.bytes is " + maxBytes + ", but an event may take " + Events.MAX_BYTES
                    + " bytes and some more on the way");
        }
        return differences;
    }
}
