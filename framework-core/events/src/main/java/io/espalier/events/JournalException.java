package io.espalier.events;

import java.io.IOException;
import java.nio.file.Path;

/** A file cannot be read as a journal, or not any further; the message is a sentence for the user without a full stop. */
public final class JournalException extends IOException {

    private static final long serialVersionUID = 1L;

    private JournalException(String sentence) {
        super(sentence);
    }

    /** Another file has taken its place. */
    static JournalException replaced(Path path, long offset) {
        return new JournalException("the journal " + path + " is shorter than the " + offset
                + " bytes that were read from it; it was replaced");
    }

    /** A pipe or a device might never answer. */
    static JournalException noFile(Path path, String what) {
        return new JournalException(path + " is " + what + ", and a journal is a file");
    }
}
