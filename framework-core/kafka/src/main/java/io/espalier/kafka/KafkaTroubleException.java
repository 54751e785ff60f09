package io.espalier.kafka;

/** Kafka cannot be used at present; the message says in one sentence why, and what to do. */
public final class KafkaTroubleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    KafkaTroubleException(String message, boolean lasting, Throwable cause) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** Whether waiting will not help: somebody has to change a setting, create the topic or grant a right. */
    public boolean lasting() {
        return lasting;
    }
}
