package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.RunFinished;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SubscriberTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka = EmbeddedKafka.shared();
    private final List<PruningEvent> seen = Collections.synchronizedList(new ArrayList<>());
    private String topic;

    @BeforeEach
    void newTopic() {
        topic = kafka.newTopic();
    }

    @Test
    @DisplayName("The same handlers hear the same of a topic and of a journal")
    void sameOnBoth() throws Exception {
        List<PruningEvent> told = sent("run", 100);
        List<String> heard = new ArrayList<>();

        for (PruningEventSubscriber.Builder builder : List.of(
                kafkaBuilder().fromBeginning().untilEnd(),
                PruningEventSubscriber.builder().journal(folder.resolve("run.events")))) {
            seen.clear();
            heard.clear();
            try (PruningEventSubscriber subscriber = builder.onEvent(seen::add)
                    .on(ProgressReported.class, (event, progress) -> heard.add(event.getSequence() + " progress"))
                    .on(RunFinished.class, (event, finished) -> heard.add(event.getSequence() + " finished"))
                    .start()) {
                subscriber.await();
                assertThat(subscriber.handled()).isEqualTo(100);
            }
            assertThat(seen).isEqualTo(told);
            assertThat(heard).hasSize(99).startsWith("2 progress").endsWith("100 finished");
        }
    }

    @Test
    @DisplayName("What was sent twice is heard once, in order")
    void duplicates() throws Exception {
        List<PruningEvent> told = sent("run", 300);
        java.nio.file.Files.delete(Checkpoint.file(folder.resolve("run.events")));
        send(folder.resolve("run.events"));

        try (PruningEventSubscriber subscriber =
                kafkaBuilder().fromBeginning().untilEnd().onEvent(seen::add).start()) {
            subscriber.await();
            assertThat(subscriber.duplicates()).isEqualTo(300);
        }
        assertThat(seen).isEqualTo(told);
    }

    @Test
    @DisplayName("Rubbish, empty records and payloads of a newer version are counted and told, and reading goes on")
    void poison() throws Exception {
        PruningEvent newer = PruningEvent.newBuilder()
                .setRunId("run")
                .setSequence(7)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                900,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(com.google.protobuf.ByteString.EMPTY)
                                        .build())
                        .build())
                .build();
        TestingTopic.send(kafka.bootstrap(), topic, "rubbish".getBytes(StandardCharsets.UTF_8));
        TestingTopic.send(kafka.bootstrap(), topic, null);
        TestingTopic.send(kafka.bootstrap(), topic, new byte[0]);
        TestingTopic.send(
                kafka.bootstrap(), topic, Cost.newBuilder().setMacs(3).build().toByteArray());
        TestingTopic.send(kafka.bootstrap(), topic, newer.toByteArray());
        List<PruningEvent> told = sent("good", 5);
        List<Undecodable> refused = new ArrayList<>();

        try (PruningEventSubscriber subscriber = kafkaBuilder()
                .fromBeginning()
                .untilEnd()
                .onEvent(seen::add)
                .onUndecodable(refused::add)
                .start()) {
            subscriber.await();
            assertThat(subscriber.undecodable()).isEqualTo(5);
        }
        assertThat(seen).isEqualTo(told);
        assertThat(refused)
                .hasSize(5)
                .allSatisfy(each -> assertThat(each.where()).startsWith("offset "));
        assertThat(refused.get(4).event()).contains(newer);
        assertThat(refused.get(4).reason()).isEqualTo("a payload of a newer version");
    }

    @Test
    @DisplayName("A group goes on behind what it handled; what a handler refused to take comes again")
    void group() throws Exception {
        List<PruningEvent> told = sent("run", 50);
        PruningEventSubscriber first = groupBuilder()
                .onEvent(event -> {
                    if (event.getSequence() == 21) {
                        throw new IllegalStateException("enough");
                    }
                    seen.add(event);
                })
                .start();
        assertThatThrownBy(first::await).hasMessage("enough");

        PruningEventSubscriber second = groupBuilder().onEvent(seen::add).start();
        awaitSeen(50);
        second.close();

        assertThat(seen.stream().map(PruningEvent::getSequence))
                .containsExactlyElementsOf(
                        told.stream().map(PruningEvent::getSequence).toList());
    }

    @Test
    @DisplayName("A handler slower than the group allows loses nothing and hears nothing twice")
    void slowHandler() throws Exception {
        List<PruningEvent> told = sent("run", 12);
        Path file = folder.resolve("kafka.properties");
        java.nio.file.Files.writeString(
                file,
                "kafka.max.poll.interval.ms=400\nkafka.session.timeout.ms=6000\nkafka.heartbeat.interval.ms=500\n");
        PruningEventSubscriber subscriber = PruningEventSubscriber.builder()
                .kafka(KafkaSettings.read(file).bootstrap(kafka.bootstrap()))
                .topic(topic)
                .group("slow")
                .fromBeginning()
                .onEvent(event -> {
                    sleep(100);
                    seen.add(event);
                })
                .start();
        awaitSeen(12);
        subscriber.close();

        assertThat(seen).isEqualTo(told);
    }

    @Test
    @DisplayName("From latest hears only what comes; from a time what came since")
    void startingPoints() throws Exception {
        sent("old", 10);
        Thread.sleep(5);
        Instant between = Instant.now();
        Thread.sleep(5);
        List<PruningEvent> latest = Collections.synchronizedList(new ArrayList<>());
        try (PruningEventSubscriber following =
                kafkaBuilder().fromLatest().onEvent(latest::add).start()) {
            assertThat(following.awaitReady(PATIENCE)).isTrue();
            List<PruningEvent> told = sent("new", 10);
            try (PruningEventSubscriber since =
                    kafkaBuilder().from(between).untilEnd().onEvent(seen::add).start()) {
                since.await();
            }
            assertThat(seen).isEqualTo(told);
            while (latest.size() < 10) {
                Thread.sleep(10);
            }
            assertThat(latest).isEqualTo(told);
        }
    }

    @Test
    @DisplayName("One run of several is heard alone; close from a handler ends it")
    void oneRun() throws Exception {
        sent("one", 20);
        List<PruningEvent> two = sent("two", 20);
        PruningEventSubscriber[] self = new PruningEventSubscriber[1];
        CountDownLatch started = new CountDownLatch(1);
        self[0] = kafkaBuilder()
                .fromBeginning()
                .run("two")
                .onEvent(event -> {
                    seen.add(event);
                    awaitLatch(started);
                    if (event.hasRunFinished()) {
                        self[0].close();
                    }
                })
                .start();
        started.countDown();

        self[0].await();

        assertThat(seen).isEqualTo(two);
    }

    @Test
    @DisplayName("A live journal is followed until its run ends; from latest skips what lies there")
    void liveJournal() throws Exception {
        try (TestingJournal journal = TestingJournal.begin(folder, "live")) {
            journal.progress(10);
            PruningEventSubscriber subscriber = PruningEventSubscriber.builder()
                    .journal(journal.file())
                    .fromLatest()
                    .onEvent(seen::add)
                    .start();
            assertThat(subscriber.awaitReady(PATIENCE)).isTrue();
            journal.progress(10);
            journal.finish();
            subscriber.await();
            assertThat(seen).isEqualTo(journal.told().subList(11, 22));
        }
    }

    @Test
    @DisplayName("A description that makes no sense is refused at once")
    void nonsense() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PruningEventSubscriber.builder().start())
                .withMessageContaining("either Kafka or a journal");
        assertThatIllegalStateException()
                .isThrownBy(() -> groupBuilder().untilEnd().start())
                .withMessageContaining("a group has no end");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PruningEventSubscriber.builder().on(Cost.class, (event, cost) -> {}))
                .withMessageContaining("no event carries");
    }

    private PruningEventSubscriber.Builder kafkaBuilder() {
        return PruningEventSubscriber.builder().bootstrap(kafka.bootstrap()).topic(topic);
    }

    private PruningEventSubscriber.Builder groupBuilder() {
        return kafkaBuilder().group("group of " + topic).fromBeginning();
    }

    private List<PruningEvent> sent(String runId, int events) throws Exception {
        try (TestingJournal journal = TestingJournal.whole(folder, runId, events)) {
            send(journal.file());
            return journal.told();
        }
    }

    private void send(Path journal) throws Exception {
        KafkaSettings settings = KafkaSettings.of(kafka.bootstrap()).topic(topic);
        try (JournalForwarder forwarder = JournalForwarder.start(journal, settings)) {
            assertThat(forwarder.drain(PATIENCE).complete()).isTrue();
        }
    }

    private void awaitSeen(int count) throws InterruptedException {
        while (seen.size() < count) {
            Thread.sleep(10);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
