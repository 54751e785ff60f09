package io.espalier.events;

import java.io.IOException;
import java.nio.file.Path;

/** A journal holds something else than its next record. */
public final class DamagedJournalException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String what;

    DamagedJournalException(Path path, long offset, String what) {
        super("the journal " + path + " is damaged at byte " + offset + ": " + what
                + "; what lies before that byte can be read");
        this.offset = offset;
        this.what = what;
    }

    /** Bytes of whole records before the damage. */
    public long offset() {
        return offset;
    }

    /** What was found there. */
    public String what() {
        return what;
    }
}
