package io.espalier.cli;

import io.espalier.kafka.KafkaSettings;
import io.espalier.kafka.KafkaSettingsException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where Kafka is. */
final class KafkaOptions {

    @Option(
            names = "--kafka",
            paramLabel = "BOOTSTRAP",
            description = "Brokers to ask first: host:port, several separated by commas.")
    String bootstrap;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties file of settings for Kafka's client, each with the prefix 'kafka.', for instance"
                    + " kafka.security.protocol; may also name the brokers (kafka.bootstrap.servers).")
    Path config;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "The topic of the events (default: pruning.events.v1).")
    String topic;

    /** Whether anything here was given. */
    boolean given() {
        return bootstrap != null || config != null || topic != null;
    }

    /** The settings; empty when no Kafka was asked for. */
    Optional<KafkaSettings> settings() {
        return given() ? Optional.of(required()) : Optional.empty();
    }

    /** The settings; a usage error when no brokers are named. */
    KafkaSettings required() {
        try {
            KafkaSettings settings = config == null ? null : KafkaSettings.read(config);
            if (bootstrap != null) {
                settings = settings == null ? KafkaSettings.of(bootstrap) : settings.bootstrap(bootstrap);
            }
            if (settings == null || settings.bootstrap().isEmpty()) {
                throw Failure.usage("nothing says where Kafka is; give --kafka HOST:PORT, or a line"
                        + " kafka.bootstrap.servers=HOST:PORT in the file of --kafka-config");
            }
            return topic == null ? settings : settings.topic(topic);
        } catch (KafkaSettingsException e) {
            throw Failure.usage(e.getMessage());
        }
    }

    /** These options as they can be typed again. */
    String typed() {
        return (bootstrap == null ? "" : " --kafka " + Shell.quoted(bootstrap))
                + (config == null ? "" : " --kafka-config " + Shell.quoted(config.toString()))
                + (topic == null ? "" : " --topic " + Shell.quoted(topic));
    }
}
