package io.espalier.api;

import io.espalier.spi.Stability;
import java.util.Optional;

/** The input cannot be used; files that existed are unchanged, but for the journal of the run. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class InputRefusedException extends EspalierException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String setting;

    /** What cannot be used. */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public enum Reason {
        /** A setting of the request: an unknown name, a value out of range, settings that exclude each other. */
        REQUEST,
        /** The model: missing, broken, or with something that is not supported. */
        MODEL,
        /** What the request asks for here: a target out of reach, data or a plan that does not fit, an output. */
        TASK
    }

    InputRefusedException(Reason reason, String message, Throwable cause) {
        this(reason, null, message, cause);
    }

    private InputRefusedException(Reason reason, String setting, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.setting = setting;
    }

    static InputRefusedException request(String message) {
        return new InputRefusedException(Reason.REQUEST, message, null);
    }

    /**
     * A refusal that concerns one setting.
     *
     * @param message begins with the name of the setting
     */
    static InputRefusedException setting(Reason reason, String setting, String message) {
        return new InputRefusedException(reason, setting, message, null);
    }

    /** What cannot be used. */
    public Reason reason() {
        return reason;
    }

    /** The setting of the request with which the message begins, such as {@code min-keep}; empty when it is another. */
    public Optional<String> setting() {
        return Optional.ofNullable(setting);
    }
}
