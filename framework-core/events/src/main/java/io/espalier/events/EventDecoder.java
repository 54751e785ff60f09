package io.espalier.events;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.espalier.events.v1.PruningEvent;
import java.util.List;
import java.util.Map;

/**
 * Makes events of bytes that anybody may have written: journals, records of a topic. Nothing else does, so that whoever
 * holds an event may rely on its values:
 *
 * <ul>
 *   <li>it takes at most {@link Events#MAX_BYTES} bytes;
 *   <li>its run id has 1 to {@value #MAX_RUN_ID} characters, its sequence number is at least 1, and its id, where it has
 *       one, is made of the two;
 *   <li>times lie in the years 1 to 9999 and durations within 10,000 years, as Protocol Buffers define them;
 *   <li>numbers that cannot be negative are not.
 * </ul>
 *
 * <p>Texts may be anything in Unicode, fractions may be no numbers, constants and payloads may be of a newer version.
 */
public final class EventDecoder {

    /** Characters of the longest run id. */
    public static final int MAX_RUN_ID = 200;

    private static final long MIN_SECONDS = -62_135_596_800L;
    private static final long MAX_SECONDS = 253_402_300_799L;
    private static final long MAX_DURATION_SECONDS = 315_576_000_000L;
    private static final int MAX_NANOS = 999_999_999;

    private EventDecoder() {}

    /**
     * The event in these bytes, all of them.
     *
     * @throws UnreadableEventException when they are no event, or one with a value that no event has
     */
    public static PruningEvent decode(byte[] bytes) throws UnreadableEventException {
        return decode(bytes, 0, bytes.length);
    }

    static PruningEvent decode(byte[] bytes, int from, int length) throws UnreadableEventException {
        checkLength(length);
        PruningEvent event;
        try {
            event = PruningEvent.parser().parseFrom(bytes, from, length);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableEventException("not an event");
        }
        checkRun(event.getRunId(), event.getSequence());
        if (!event.getEventId().isEmpty() && !event.getEventId().equals(event.getRunId() + "-" + event.getSequence())) {
            throw foreignId();
        }
        checkValues(event);
        return event;
    }

    static void checkLength(int length) throws UnreadableEventException {
        if (length > Events.MAX_BYTES) {
            throw new UnreadableEventException("larger than an event may be");
        }
    }

    static void checkRun(String runId, long sequence) throws UnreadableEventException {
        if (runId.isEmpty() || sequence < 1) {
            throw new UnreadableEventException("an event without a run or a sequence");
        }
        if (runId.length() > MAX_RUN_ID) {
            throw new UnreadableEventException(
                    "an event of a run whose id is longer than " + MAX_RUN_ID + " characters");
        }
    }

    static UnreadableEventException foreignId() {
        return new UnreadableEventException("an event whose id is not that of its run and sequence");
    }

    static void checkTime(long seconds, int nanos) throws UnreadableEventException {
        if (seconds < MIN_SECONDS || seconds > MAX_SECONDS || nanos < 0 || nanos > MAX_NANOS) {
            throw new UnreadableEventException("an event whose time is not in the years 1 to 9999");
        }
    }

    private static void checkDuration(Duration duration) throws UnreadableEventException {
        long seconds = duration.getSeconds();
        int nanos = duration.getNanos();
        boolean agree = seconds == 0 || nanos == 0 || seconds < 0 == nanos < 0;
        if (nanos < -MAX_NANOS
                || nanos > MAX_NANOS
                || seconds < -MAX_DURATION_SECONDS
                || seconds > MAX_DURATION_SECONDS
                || !agree) {
            throw new UnreadableEventException("an event with a duration that is none");
        }
    }

    private static void checkValues(Message message) throws UnreadableEventException {
        if (message instanceof Timestamp time) {
            checkTime(time.getSeconds(), time.getNanos());
        } else if (message instanceof Duration duration) {
            checkDuration(duration);
        } else {
            for (Map.Entry<FieldDescriptor, Object> field :
                    message.getAllFields().entrySet()) {
                checkValues(field.getKey(), field.getValue());
            }
        }
    }

    private static void checkValues(FieldDescriptor field, Object value) throws UnreadableEventException {
        if (!isChecked(field)) {
            return;
        }
        List<?> values = field.isRepeated() ? (List<?>) value : List.of(value);
        for (Object each : values) {
            if (each instanceof Message message) {
                checkValues(message);
            } else if (((Number) each).longValue() < 0) {
                // Without sign on the wire, and beyond what Java's numbers hold.
                throw new UnreadableEventException("an event with an impossible " + field.getName());
            }
        }
    }

    private static boolean isChecked(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE, GROUP, UINT32, UINT64, FIXED32, FIXED64 -> true;
            default -> false;
        };
    }
}
