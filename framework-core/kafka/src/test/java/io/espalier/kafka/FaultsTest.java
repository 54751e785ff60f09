package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.JournalReader;
import io.espalier.events.v1.PruningEvent;
import io.espalier.testkit.kafka.BrokerProcess;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around a run: nothing is lost, nothing is there twice after deduplication, and the run never waits. */
@Timeout(180)
class FaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration IMPATIENCE = Duration.ofMillis(500);
    private static final EventsTopic.Layout LAYOUT =
            new EventsTopic.Layout(OptionalInt.of(1), OptionalInt.of(1), Optional.empty());

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The run's thread never waits nor blocks while the broker hangs, and what hangs is told")
    void hungBroker() throws Exception {
        try (SilentServer hung = new SilentServer();
                TestingJournal journal = TestingJournal.begin(folder, "run");
                JournalForwarder forwarder =
                        JournalForwarder.start(journal.file(), KafkaSettings.of(hung.bootstrap()))) {
            hung.awaitVisitor();
            ThreadInfo before = thisThread();
            journal.progress(5000);
            journal.finish();
            ThreadInfo after = thisThread();

            // The forwarder has been stuck all the time, since the broker never answers: who waited for it is stuck
            // too.
            assertThat(forwarder.settled()).isZero();
            assertThat(after.getWaitedCount()).isEqualTo(before.getWaitedCount());
            assertThat(after.getBlockedCount()).isEqualTo(before.getBlockedCount());
            Delivery delivery = forwarder.drain(IMPATIENCE);
            assertThat(delivery.pending()).isEqualTo(5002);
            assertThat(delivery.sentence())
                    .startsWith("5,002 of 5,002 events are only in the journal " + journal.file())
                    .endsWith("it accepts connections but never answers: it hangs, or is no Kafka broker");
        }
    }

    private static ThreadInfo thisThread() {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(Thread.currentThread().getId());
    }

    @Test
    @DisplayName(
            "A broker that is absent at the start, killed in the middle and started again gets everything in order")
    void killedBroker() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start()) {
            KafkaSettings settings = KafkaSettings.of(broker.bootstrap());
            EventsTopic.init(settings, LAYOUT);
            broker.kill();
            try (TestingJournal journal = TestingJournal.begin(folder, "run");
                    JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings)) {
                journal.progress(500);
                assertThat(forwarder.drain(IMPATIENCE).sentence())
                        .startsWith("501 of 501 events are only in the journal")
                        .endsWith("cannot be used: nothing listens there");
                broker.restart();
                assertThat(forwarder.drain(PATIENCE).delivered()).isEqualTo(501);

                journal.progress(500);
                broker.kill();
                journal.progress(500);
                assertThat(forwarder.drain(IMPATIENCE).pending()).isGreaterThanOrEqualTo(500);
                broker.restart();
                journal.progress(500);
                journal.finish();

                assertThat(forwarder.drain(PATIENCE).complete()).isTrue();
                List<PruningEvent> sent = TestingTopic.events(broker.bootstrap(), settings.topic());
                assertThat(TestingTopic.unique(sent)).isEqualTo(journal.told());
            }
        }
    }

    @Test
    @DisplayName("After SIGKILL of the run a replay sends what is missing")
    void killedRun() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        String topic = kafka.newTopic();
        Process process = ForwardingProcess.start(folder, "run", kafka.bootstrap(), topic);
        while (TestingTopic.records(kafka.bootstrap(), topic).size() < 1000) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(50);
        }

        process.destroyForcibly().waitFor();

        Path journal = folder.resolve("run.events");
        KafkaSettings settings = KafkaSettings.of(kafka.bootstrap()).topic(topic);
        try (JournalForwarder replay = JournalForwarder.start(journal, settings)) {
            assertThat(replay.drain(PATIENCE).pending()).isZero();
        }
        assertThat(TestingTopic.unique(TestingTopic.events(kafka.bootstrap(), topic)))
                .isEqualTo(JournalReader.read(journal).events());
    }

    @Test
    @DisplayName("A topic that does not exist is told with the command that makes it; once made, everything arrives")
    void missingTopic() throws Exception {
        KafkaSettings settings =
                KafkaSettings.of(EmbeddedKafka.shared().bootstrap()).topic("made.too.late");
        try (TestingJournal journal = TestingJournal.whole(folder, "run", 100);
                JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings)) {
            Delivery delivery = forwarder.drain(Duration.ofSeconds(3));
            assertThat(delivery.sentence())
                    .contains("the topic made.too.late does not exist at " + settings.bootstrap())
                    .endsWith("create it with: espalier events init --kafka " + settings.bootstrap()
                            + " --topic made.too.late");

            EventsTopic.init(settings, LAYOUT);

            assertThat(forwarder.drain(PATIENCE).complete()).isTrue();
            assertThat(TestingTopic.events(settings.bootstrap(), settings.topic()))
                    .isEqualTo(journal.told());
        }
    }

    @Test
    @DisplayName("Where the progress cannot be noted everything arrives all the same, and it is told")
    void noteCannotBeWritten() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        KafkaSettings settings = KafkaSettings.of(kafka.bootstrap()).topic(kafka.newTopic());
        Files.createDirectory(folder.resolve(".run.events.sent.new"));
        try (TestingJournal journal = TestingJournal.whole(folder, "run", 100);
                JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings)) {
            assertThat(forwarder.drain(PATIENCE).complete()).isTrue();
            while (forwarder.delivery().note().isEmpty()) {
                Thread.sleep(10);
            }
            assertThat(forwarder.delivery().note().orElseThrow())
                    .startsWith("how far it got could not be noted beside the journal");
        }
    }
}
