package io.espalier.kafka;

/** Settings for Kafka make no sense; the message is one sentence and holds no value that may be a secret. */
public final class KafkaSettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    KafkaSettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
