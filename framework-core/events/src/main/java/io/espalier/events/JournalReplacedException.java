package io.espalier.events;

import java.io.IOException;
import java.nio.file.Path;

/** A journal is shorter than what was read from it: another file has taken its place. */
public final class JournalReplacedException extends IOException {

    private static final long serialVersionUID = 1L;

    JournalReplacedException(Path path, long offset) {
        super("the journal " + path + " is shorter than the " + offset
                + " bytes that were read from it; it was replaced");
    }
}
