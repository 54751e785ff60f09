package io.espalier.cli;

import io.espalier.cli.event.EventJson;
import io.espalier.cli.event.EventText;
import io.espalier.events.JournalReader;
import io.espalier.kafka.PruningEventSubscriber;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Mixin;

/** A command that prints events. */
abstract class ReadingCommand extends AbstractCommand {

    @Mixin
    EventSourceOptions source;

    ReadingCommand(Environment environment) {
        super(environment);
    }

    /**
     * Prints what comes until nothing comes any more.
     *
     * @param json whether lines are JSON and not words
     * @param untilRunEnds whether the end of a run ends this too
     */
    final int read(PruningEventSubscriber.Builder builder, boolean json, boolean untilRunEnds) {
        CountDownLatch enough = new CountDownLatch(1);
        PassedOverEvents passedOver = new PassedOverEvents(this::say);
        builder.onEvent(event -> {
                    print(json ? EventJson.line(event) : EventText.line(event));
                    if (environment.out().checkError() || untilRunEnds && JournalReader.isLast(event)) {
                        enough.countDown();
                    }
                })
                .onUndecodable(record -> {
                    record.event().filter(event -> json).ifPresent(event -> print(EventJson.line(event)));
                    passedOver.take(record);
                })
                .onTrouble(this::say)
                .onEnd(enough::countDown);
        environment.interruption().cancelBy(enough::countDown);
        PruningEventSubscriber subscriber = builder.start();
        try {
            enough.await();
            subscriber.close();
            subscriber.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            passedOver.close();
        }
        return ExitCode.OK;
    }
}
