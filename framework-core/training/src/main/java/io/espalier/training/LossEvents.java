package io.espalier.training;

import io.espalier.events.Events;
import io.espalier.events.v1.LossReported;

/** Tells the loss of training as events: of the first step, and at most once a second. Not thread-safe. */
final class LossEvents {

    private static final long NANOS = 1_000_000_000L;

    private final Events events;
    private long last = System.nanoTime() - NANOS;

    LossEvents(Events events) {
        this.events = events;
    }

    /**
     * Takes the loss of a step.
     *
     * @param step how many steps there were before
     * @param epoch which epoch, from 1
     */
    void take(long step, int epoch, double loss) {
        long now = System.nanoTime();
        if (now - last >= NANOS) {
            last = now;
            events.emit(LossReported.newBuilder()
                    .setStep(step)
                    .setEpoch(epoch)
                    .setLoss(loss)
                    .build());
        }
    }
}
