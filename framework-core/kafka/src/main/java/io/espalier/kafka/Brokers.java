package io.espalier.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Questions to the brokers, each answered within a time limit or by a {@link KafkaTroubleException} with a sentence.
 */
final class Brokers implements AutoCloseable {

    /** Long enough for a distant cluster with TLS and a login, short enough for somebody who waits. */
    private static final int PATIENCE_MILLIS = 4000;

    private static final String MAX_BYTES = "max.message.bytes";

    private final KafkaSettings settings;
    private final Admin admin;

    /** @throws KafkaTroubleException when no client can be made of the settings */
    Brokers(KafkaSettings settings) {
        this.settings = settings;
        try {
            this.admin = Admin.create(settings.client(
                    Map.of("request.timeout.ms", PATIENCE_MILLIS, "default.api.timeout.ms", PATIENCE_MILLIS),
                    Map.of()));
        } catch (KafkaException e) {
            throw Diagnosis.of(settings, e);
        }
    }

    /**
     * What a sender has to know about a topic.
     *
     * @param cluster id of the cluster
     * @param maxBytes the largest batch it takes; empty when that may not be asked
     */
    record Destination(String cluster, OptionalInt maxBytes) {}

    /** Makes sure that the brokers answer and have the topic. */
    static Destination check(KafkaSettings settings) {
        try (Brokers brokers = new Brokers(settings)) {
            String cluster = brokers.ask(brokers.admin.describeCluster().clusterId());
            brokers.ask(brokers.admin.describeTopics(Set.of(settings.topic())).allTopicNames());
            return new Destination(cluster, brokers.maxBytes());
        }
    }

    private OptionalInt maxBytes() {
        try {
            String value = topicSettings().get(MAX_BYTES).value();
            return OptionalInt.of(Integer.parseInt(value));
        } catch (KafkaTroubleException e) {
            // A right of its own, which a sender need not have; the limit is then met by trying.
            return OptionalInt.empty();
        }
    }

    /** The settings of the topic as they are in force. */
    Config topicSettings() {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
        return ask(admin.describeConfigs(Set.of(topic)).all()).get(topic);
    }

    Admin admin() {
        return admin;
    }

    <T> T ask(KafkaFuture<T> answer) {
        try {
            return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw Diagnosis.of(settings, e.getCause());
        } catch (TimeoutException e) {
            throw Diagnosis.of(settings, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaTroubleException("interrupted while waiting for " + settings.bootstrap(), false, e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
