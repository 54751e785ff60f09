package io.espalier.events;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.espalier.events.v1.PruningEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Stamps what happens in one run as events and hands them to sinks: run id, sequence from 1 without gaps, time and
 * source.
 *
 * <p>Never throws into the run because of a sink or of an event that is too large: losses are counted and reported
 * by {@link #losses()}. Thread-safe; sinks are called under one lock, in the order of the sequence.
 */
public final class Events {

    /** The largest event that is handed out, in bytes; the builder of a larger payload must summarise it. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final Map<String, FieldDescriptor> PAYLOADS = payloads();

    private final String runId;
    private final String source;
    private final Clock clock;
    private final List<EventSink> sinks;
    private final Map<EventSink, EventLoss> thrown = new LinkedHashMap<>();
    private EventLoss refused;
    private long sequence;

    /**
     * Events of one run.
     *
     * @param runId identifies the run among all runs; 1 to {@value EventDecoder#MAX_RUN_ID} characters
     * @param source the program that runs, for instance {@code espalier-cli}
     * @param clock where times come from
     * @param sinks receivers, called in order
     */
    public Events(String runId, String source, Clock clock, List<EventSink> sinks) {
        if (runId.isEmpty()) {
            throw new IllegalArgumentException("a run needs an id");
        }
        if (runId.length() > EventDecoder.MAX_RUN_ID) {
            throw new IllegalArgumentException(
                    "the id of a run has at most " + EventDecoder.MAX_RUN_ID + " characters");
        }
        this.runId = runId;
        this.source = source;
        this.clock = clock;
        this.sinks = List.copyOf(sinks);
    }

    /** Events that nobody hears. */
    public static Events silent() {
        return new Events("silent", "none", Clock.systemUTC(), List.of());
    }

    /**
     * Tells one step of the run.
     *
     * @param payload a message of one of the types in the payload of {@link PruningEvent}
     * @return the event as handed out; empty when it was larger than {@link #MAX_BYTES} and therefore refused
     * @throws IllegalArgumentException when no event carries such a payload
     */
    public synchronized Optional<PruningEvent> emit(Message payload) {
        FieldDescriptor field = PAYLOADS.get(payload.getDescriptorForType().getFullName());
        if (field == null) {
            throw new IllegalArgumentException("no event carries a "
                    + payload.getDescriptorForType().getFullName() + "; payloads: " + PAYLOADS.keySet());
        }
        PruningEvent event = stamp(sequence + 1).setField(field, payload).build();
        if (event.getSerializedSize() > MAX_BYTES) {
            refuse(field, event.getSerializedSize());
            return Optional.empty();
        }
        sequence++;
        sinks.forEach(sink -> deliver(sink, event));
        return Optional.of(event);
    }

    /** What was refused or lost on the way so far, in a stable order; empty when everything arrived. */
    public synchronized List<EventLoss> losses() {
        List<EventLoss> losses = new ArrayList<>();
        Optional.ofNullable(refused).ifPresent(losses::add);
        losses.addAll(thrown.values());
        sinks.forEach(sink -> sink.failure().ifPresent(losses::add));
        return List.copyOf(losses);
    }

    private PruningEvent.Builder stamp(long number) {
        Instant now = clock.instant();
        return PruningEvent.newBuilder()
                .setEventId(runId + "-" + number)
                .setRunId(runId)
                .setSequence(number)
                .setTime(Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
                .setSource(source);
    }

    private void refuse(FieldDescriptor field, int bytes) {
        String reason = refused != null
                ? refused.reason()
                : field.getName() + " would take " + bytes + " bytes, more than " + MAX_BYTES + " allowed in an event";
        refused = new EventLoss("the size limit", refused == null ? 1 : refused.count() + 1, reason);
    }

    private void deliver(EventSink sink, PruningEvent event) {
        try {
            sink.accept(event);
        } catch (RuntimeException e) {
            thrown.merge(
                    sink,
                    new EventLoss(sink.getClass().getName(), 1, e.toString()),
                    (first, next) -> new EventLoss(first.where(), first.count() + 1, first.reason()));
        }
    }

    private static Map<String, FieldDescriptor> payloads() {
        Descriptor envelope = PruningEvent.getDescriptor();
        return envelope.getOneofs().get(0).getFields().stream()
                .collect(Collectors.toMap(
                        field -> field.getMessageType().getFullName(),
                        field -> field,
                        (one, other) -> one,
                        LinkedHashMap::new));
    }
}
