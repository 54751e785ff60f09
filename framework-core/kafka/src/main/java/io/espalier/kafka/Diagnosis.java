package io.espalier.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Turns what Kafka's client throws into a sentence for people. */
final class Diagnosis {

    private static final int MAX_TEXT = 300;

    private Diagnosis() {}

    static KafkaTroubleException of(KafkaSettings settings, Throwable failure) {
        Throwable telling = telling(failure);
        if (telling instanceof UnknownTopicOrPartitionException) {
            return lasting(
                    "the topic " + settings.topic() + " does not exist at " + settings.bootstrap()
                            + "; create it with: espalier events init --kafka " + settings.bootstrap()
                            + (settings.topic().equals(KafkaSettings.TOPIC) ? "" : " --topic " + settings.topic()),
                    failure);
        }
        if (telling instanceof SslAuthenticationException) {
            return lasting(
                    settings.bootstrap() + " and this side do not trust each other over TLS (" + text(telling)
                            + "); check kafka.ssl.truststore.location and its password in the settings file",
                    failure);
        }
        if (telling instanceof AuthenticationException) {
            return lasting(
                    settings.bootstrap() + " refuses the login (" + text(telling)
                            + "); check kafka.sasl.mechanism and kafka.sasl.jaas.config in the settings file",
                    failure);
        }
        if (telling instanceof AuthorizationException) {
            return lasting(
                    settings.bootstrap() + " does not allow it (" + text(telling)
                            + "); ask for the rights that this needs on the topic " + settings.topic(),
                    failure);
        }
        if (telling instanceof ConfigException) {
            return lasting("the settings for Kafka cannot be used: " + text(telling), failure);
        }
        return new KafkaTroubleException(Probe.sentence(settings.bootstrap()), false, failure);
    }

    /** The cause that says most: Kafka wraps configuration and security errors. */
    private static Throwable telling(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof AuthenticationException
                    || each instanceof AuthorizationException
                    || each instanceof UnknownTopicOrPartitionException
                    || each instanceof ConfigException) {
                return each;
            }
        }
        return failure instanceof KafkaException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static KafkaTroubleException lasting(String sentence, Throwable cause) {
        return new KafkaTroubleException(sentence, true, cause);
    }

    private static String text(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        String line = text.lines().findFirst().orElse("");
        return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT);
    }
}
