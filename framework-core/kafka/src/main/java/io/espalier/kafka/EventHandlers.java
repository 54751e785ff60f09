package io.espalier.kafka;

import com.google.protobuf.Message;
import io.espalier.events.EventDecoder;
import io.espalier.events.UnreadableEventException;
import io.espalier.events.v1.PruningEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Decodes what comes, drops what came before, and hands the rest to those who asked for it. */
final class EventHandlers {

    private final List<Consumer<PruningEvent>> handlers;
    private final Predicate<PruningEvent> wanted;
    private final Consumer<Undecodable> onUndecodable;
    private final Seen seen = new Seen();
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong undecodable = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();

    EventHandlers(
            List<Consumer<PruningEvent>> handlers,
            Predicate<PruningEvent> wanted,
            Consumer<Undecodable> onUndecodable) {
        this.handlers = new ArrayList<>(handlers);
        this.wanted = wanted;
        this.onUndecodable = onUndecodable;
    }

    /** A handler for payloads of one type. */
    static <M extends Message> Consumer<PruningEvent> forType(Class<M> type, BiConsumer<PruningEvent, M> handler) {
        var envelope = PruningEvent.getDescriptor().getOneofs().get(0);
        var field = envelope.getFields().stream()
                .filter(each -> PruningEvent.getDefaultInstance().getField(each).getClass() == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no event carries a " + type.getName()));
        return event -> {
            if (event.hasField(field)) {
                handler.accept(event, type.cast(event.getField(field)));
            }
        };
    }

    /** Takes the bytes of an event. */
    void take(byte[] value, String where) {
        if (value == null) {
            refuse(new Undecodable(where, "a record without a value", new byte[0], Optional.empty()));
            return;
        }
        PruningEvent event;
        try {
            event = EventDecoder.decode(value);
        } catch (UnreadableEventException e) {
            refuse(new Undecodable(where, e.getMessage(), value, Optional.empty()));
            return;
        }
        take(event, where);
    }

    /** Takes an event. */
    void take(PruningEvent event, String where) {
        if (!wanted.test(event)) {
            return;
        }
        if (seen.before(event.getRunId(), event.getSequence())) {
            duplicates.incrementAndGet();
            return;
        }
        if (event.getPayloadCase() == PruningEvent.PayloadCase.PAYLOAD_NOT_SET) {
            refuse(new Undecodable(where, "a payload of a newer version", event.toByteArray(), Optional.of(event)));
            return;
        }
        handlers.forEach(handler -> handler.accept(event));
        handled.incrementAndGet();
    }

    /** Counts something that is no event, and reports it. */
    void refuse(Undecodable record) {
        undecodable.incrementAndGet();
        onUndecodable.accept(record);
    }

    long handled() {
        return handled.get();
    }

    long undecodable() {
        return undecodable.get();
    }

    long duplicates() {
        return duplicates.get();
    }
}
