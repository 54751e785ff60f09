package io.espalier.events;

import com.google.protobuf.CodedInputStream;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A record as its first bytes describe it: the bytes that its length takes, and the length behind them.
 *
 * @param lengthBytes bytes of the length; 0 when its end does not lie there yet
 * @param length bytes behind the length; -1 when no record has such a length
 * @param whole whether they all lie there
 */
record RecordFrame(int lengthBytes, int length, boolean whole) {

    private static final int BITS = 7;
    private static final int LOW_BITS = 0x7F;
    private static final int ID_TAG = 0x0A;
    static final int MAX_LENGTH_BYTES = 3;
    private static final int HEAD_BYTES = 3 * EventDecoder.MAX_RUN_ID * 2 + 64;

    /** Reads what lies at an offset; the whole record is loaded, where it is there. */
    static RecordFrame at(JournalWindow window, long offset) throws IOException {
        int available = window.load(offset, MAX_LENGTH_BYTES);
        int length = 0;
        for (int i = 0; i < available; i++) {
            byte next = window.at(offset + i);
            length |= (next & LOW_BITS) << BITS * i;
            if (next >= 0) {
                return of(window, offset, i + 1, length);
            }
        }
        return available == MAX_LENGTH_BYTES ? new RecordFrame(0, -1, false) : new RecordFrame(0, 0, false);
    }

    private static RecordFrame of(JournalWindow window, long offset, int lengthBytes, int length) throws IOException {
        if (length == 0 || length > Events.MAX_BYTES) {
            return new RecordFrame(lengthBytes, -1, false);
        }
        int bytes = lengthBytes + length;
        return new RecordFrame(lengthBytes, length, window.load(offset, bytes) == bytes);
    }

    /** Whether an event may begin at an offset, as far as a few bytes tell. */
    static boolean likely(JournalWindow window, long offset) throws IOException {
        int available = window.load(offset, MAX_LENGTH_BYTES + 1);
        for (int i = 0; i < available - 1; i++) {
            if (window.at(offset + i) >= 0) {
                return window.at(offset + i + 1) == ID_TAG;
            }
        }
        return false;
    }

    /** Whether this cannot become a record, whatever is appended to the file. */
    boolean impossible() {
        return length < 0;
    }

    int bytes() {
        return lengthBytes + length;
    }

    /**
     * Whether the record at an offset begins as every event does that a run writes: with the id that its run and number
     * make. Takes a time that does not depend on the record.
     *
     * @param run whose event it has to be; empty for any
     */
    boolean namesItself(JournalWindow window, long offset, String run) throws IOException {
        int from = window.index(offset) + lengthBytes;
        if (!whole || window.bytes()[from] != ID_TAG) {
            return false;
        }
        try {
            CodedInputStream in = CodedInputStream.newInstance(window.bytes(), from, Math.min(length, HEAD_BYTES));
            in.readTag();
            String id = new String(in.readByteArray(), StandardCharsets.UTF_8);
            if (in.readTag() >>> 3 != PruningEvent.RUN_ID_FIELD_NUMBER) {
                return false;
            }
            String runId = new String(in.readByteArray(), StandardCharsets.UTF_8);
            return in.readTag() >>> 3 == PruningEvent.SEQUENCE_FIELD_NUMBER
                    && id.equals(runId + "-" + in.readUInt64())
                    && (run.isEmpty() || run.equals(runId));
        } catch (IOException e) {
            return false;
        }
    }
}
