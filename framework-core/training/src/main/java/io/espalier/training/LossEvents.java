package io.espalier.training;

import io.espalier.engine.run.OutcomeMessages;
import io.espalier.events.Events;
import io.espalier.events.v1.EpochEnded;
import io.espalier.events.v1.LossReported;

/** Tells of training as events: the loss of the first step, and at most one a second, and every epoch. Not thread-safe. */
final class LossEvents {

    private static final long NANOS = 1_000_000_000L;

    private final Events events;
    private long last = System.nanoTime() - NANOS;

    LossEvents(Events events) {
        this.events = events;
    }

    /**
     * Tells of an epoch that has ended.
     *
     * @param steps how many steps were made
     */
    void ended(EpochResult epoch, long steps) {
        EpochEnded.Builder message = EpochEnded.newBuilder()
                .setEpoch(epoch.number())
                .setEpochs(epoch.epochs())
                .setStep(steps)
                .setLoss(epoch.loss())
                .setLearningRate(epoch.rate());
        epoch.training().ifPresent(each -> message.setTraining(OutcomeMessages.measured(each)));
        epoch.validation().ifPresent(each -> message.setValidation(OutcomeMessages.measured(each)));
        events.emit(message.build());
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
