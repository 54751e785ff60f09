package io.espalier.events;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Timestamp;
import com.google.protobuf.WireFormat;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What surrounds the payload of an event, read from its bytes without looking into the payload: for whoever passes events
 * on. Reads one event after the other; texts that stay the same are made once. Not thread-safe.
 */
public final class EventEnvelope {

    /** Bits of a tag below the number of its field: the wire type. */
    private static final int TYPE_BITS = 3;

    private static final int ID =
            PruningEvent.EVENT_ID_FIELD_NUMBER << TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int RUN_ID =
            PruningEvent.RUN_ID_FIELD_NUMBER << TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int SEQUENCE = PruningEvent.SEQUENCE_FIELD_NUMBER << TYPE_BITS | WireFormat.WIRETYPE_VARINT;
    private static final int TIME = PruningEvent.TIME_FIELD_NUMBER << TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int SOURCE =
            PruningEvent.SOURCE_FIELD_NUMBER << TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int TIME_SECONDS = Timestamp.SECONDS_FIELD_NUMBER << TYPE_BITS | WireFormat.WIRETYPE_VARINT;
    private static final int TIME_NANOS = Timestamp.NANOS_FIELD_NUMBER << TYPE_BITS | WireFormat.WIRETYPE_VARINT;

    /** Tags of the fields that hold a payload. */
    private static final Set<Integer> PAYLOADS = PruningEvent.getDescriptor().getOneofs().get(0).getFields().stream()
            .map(field -> field.getNumber() << TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED)
            .collect(Collectors.toUnmodifiableSet());

    private byte[] id = {};
    private Text runId = Text.NONE;
    private Text source = Text.NONE;
    private long sequence;
    private long seconds;
    private int nanos;
    private int payload;

    /** A text with the bytes it was made of. */
    private record Text(byte[] bytes, String text) {

        static final Text NONE = new Text(new byte[0], "");

        Text of(byte[] other) {
            return Arrays.equals(bytes, other) ? this : new Text(other, new String(other, StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads the next event.
     *
     * @throws UnreadableEventException when these bytes are no event, as far as that shows without the payload
     */
    void read(byte[] bytes, int from, int length) throws UnreadableEventException {
        EventDecoder.checkLength(length);
        try {
            readFields(CodedInputStream.newInstance(bytes, from, length));
        } catch (IOException e) {
            throw new UnreadableEventException("not an event");
        }
        EventDecoder.checkRun(runId(), sequence);
        if (id.length > 0 && !namesItself()) {
            throw EventDecoder.foreignId();
        }
        EventDecoder.checkTime(seconds, nanos);
    }

    private void readFields(CodedInputStream in) throws IOException {
        byte[] run = {};
        byte[] teller = {};
        id = run;
        sequence = 0;
        seconds = 0;
        nanos = 0;
        payload = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case ID -> id = in.readByteArray();
                case RUN_ID -> run = in.readByteArray();
                case SEQUENCE -> sequence = in.readUInt64();
                case TIME -> readTime(in);
                case SOURCE -> teller = in.readByteArray();
                default -> {
                    payload = PAYLOADS.contains(tag) ? WireFormat.getTagFieldNumber(tag) : payload;
                    in.skipField(tag);
                }
            }
        }
        in.checkLastTagWas(0);
        runId = runId.of(run);
        source = source.of(teller);
    }

    private void readTime(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case TIME_SECONDS -> seconds = in.readInt64();
                case TIME_NANOS -> nanos = in.readInt32();
                default -> in.skipField(tag);
            }
        }
        in.checkLastTagWas(0);
        in.popLimit(outer);
    }

    /** Whether the id is made of run and sequence. */
    private boolean namesItself() {
        int run = runId.bytes().length;
        return Arrays.equals(id, 0, Math.min(run, id.length), runId.bytes(), 0, run)
                && new String(id, run, id.length - run, StandardCharsets.ISO_8859_1).equals("-" + sequence);
    }

    /** The id of the event in UTF-8; a copy. */
    public byte[] id() {
        return id.clone();
    }

    /** The run the event belongs to. */
    public String runId() {
        return runId.text();
    }

    /** Position in the run, from 1. */
    public long sequence() {
        return sequence;
    }

    /** When it happened, in seconds since 1970. */
    public long seconds() {
        return seconds;
    }

    /** Nanoseconds beyond them. */
    public int nanos() {
        return nanos;
    }

    /** The program that emitted the event. */
    public String source() {
        return source.text();
    }

    /** Number of the field that holds the payload, 0 when there is none that this version knows. */
    public int payload() {
        return payload;
    }

    /** Whether this is the last event of the run. */
    public boolean isLast() {
        return payload == PruningEvent.RUN_FINISHED_FIELD_NUMBER || payload == PruningEvent.RUN_FAILED_FIELD_NUMBER;
    }
}
