package io.espalier.events;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
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

    private static final Set<Integer> PAYLOADS = PruningEvent.getDescriptor().getOneofs().get(0).getFields().stream()
            .map(FieldDescriptor::getNumber)
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
     * @throws IOException when these bytes are no message
     */
    void read(byte[] bytes, int from, int length) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes, from, length);
        byte[] run = {};
        byte[] teller = {};
        id = run;
        sequence = 0;
        seconds = 0;
        nanos = 0;
        payload = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case PruningEvent.EVENT_ID_FIELD_NUMBER -> id = in.readByteArray();
                case PruningEvent.RUN_ID_FIELD_NUMBER -> run = in.readByteArray();
                case PruningEvent.SEQUENCE_FIELD_NUMBER -> sequence = in.readUInt64();
                case PruningEvent.TIME_FIELD_NUMBER -> readTime(in);
                case PruningEvent.SOURCE_FIELD_NUMBER -> teller = in.readByteArray();
                default -> {
                    int number = WireFormat.getTagFieldNumber(tag);
                    payload = PAYLOADS.contains(number) ? number : payload;
                    in.skipField(tag);
                }
            }
        }
        runId = runId.of(run);
        source = source.of(teller);
    }

    private void readTime(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> seconds = in.readInt64();
                case 2 -> nanos = in.readInt32();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(outer);
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
