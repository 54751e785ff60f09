package io.espalier.cli;

import io.espalier.cli.text.Figures;
import io.espalier.kafka.Undecodable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What a reader of events passed over: the first is said at once, how many there were at the end. Thread-safe. */
final class PassedOverEvents implements AutoCloseable {

    private final Consumer<String> say;
    private final AtomicLong count = new AtomicLong();

    PassedOverEvents(Consumer<String> say) {
        this.say = say;
    }

    void take(Undecodable record) {
        if (count.incrementAndGet() == 1) {
            say.accept("passed over " + record.where() + ": " + record.reason() + "; further ones are only counted");
        }
    }

    @Override
    public void close() {
        if (count.get() > 1) {
            say.accept("passed over " + Figures.count(count.get()) + " records that are no events of this version");
        }
    }
}
