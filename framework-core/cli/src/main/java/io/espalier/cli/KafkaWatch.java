package io.espalier.cli;

import io.espalier.kafka.KafkaTroubleException;
import io.espalier.kafka.PruningEventSubscriber;
import io.espalier.monitor.SourceHealth;
import io.espalier.monitor.Supervised;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Reads a topic for the monitor. Once it has read, it goes on whatever happens; what is wrong from the beginning, such as a
 * login or a topic that does not exist, ends the command instead.
 */
final class KafkaWatch implements AutoCloseable {

    /** It is ready, or has failed, before; brokers that are away are waited for. */
    private static final Duration UNTIL_DECIDED = Duration.ofDays(1000);

    private final Supplier<PruningEventSubscriber.Builder> builder;
    private final Runnable onRefusal;
    private Supervised work;
    private boolean hasRead;
    private volatile KafkaTroubleException refusal;

    private KafkaWatch(Supplier<PruningEventSubscriber.Builder> builder, Runnable onRefusal) {
        this.builder = builder;
        this.onRefusal = onRefusal;
    }

    /**
     * Begins.
     *
     * @param builder describes a subscriber, anew for each start
     * @param onRefusal called when Kafka refuses the first of them; {@link #close} then throws why
     */
    static KafkaWatch start(Supplier<PruningEventSubscriber.Builder> builder, SourceHealth health, Runnable onRefusal) {
        KafkaWatch watch = new KafkaWatch(builder, onRefusal);
        watch.work = Supervised.start("espalier-kafka", health, watch::read);
        return watch;
    }

    private void read() throws InterruptedException {
        try (PruningEventSubscriber subscriber = builder.get().start()) {
            hasRead |= subscriber.awaitReady(UNTIL_DECIDED);
            subscriber.await();
        } catch (KafkaTroubleException e) {
            if (hasRead) {
                throw e;
            }
            refusal = e;
            onRefusal.run();
        }
    }

    /**
     * Ends reading.
     *
     * @throws KafkaTroubleException when Kafka refused from the beginning
     */
    @Override
    public void close() {
        work.close();
        if (refusal != null) {
            throw refusal;
        }
    }
}
