package io.espalier.events;

import java.io.IOException;

/** Bytes are no event that may be handed to anybody; the message says why in a few words. */
public final class UnreadableEventException extends IOException {

    private static final long serialVersionUID = 1L;

    UnreadableEventException(String reason) {
        super(reason);
    }
}
