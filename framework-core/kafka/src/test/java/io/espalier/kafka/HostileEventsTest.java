package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.TestingHostility;
import io.espalier.events.v1.PruningEvent;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies on a topic or in a journal, no reader ends, and what nobody touched arrives. */
@Timeout(120)
class HostileEventsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<PruningEvent> run = TestingHostility.run("run");
    private final List<PruningEvent> heard = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A subscriber hears every untouched event of a hostile journal, and counts what it passed over")
    void journals() throws Exception {
        Path file = folder.resolve("run.events");
        long passedOver = 0;
        for (long seed = 0; seed < 150; seed++) {
            TestingHostility.Journal journal = new TestingHostility(seed).journal(run);
            Files.write(file, journal.bytes());
            heard.clear();
            try (PruningEventSubscriber subscriber = PruningEventSubscriber.builder()
                    .journal(file)
                    .untilEnd()
                    .onEvent(heard::add)
                    .start()) {
                subscriber.await();
                passedOver += subscriber.undecodable();
            }
            // An event that nobody touched may have none of the payloads of this version.
            assertThat(heard).as("seed %d", seed).containsSubsequence(journal.sound());
        }
        assertThat(passedOver).isGreaterThan(150);
    }

    @Test
    @DisplayName("A subscriber hears every untouched event of a hostile topic, and counts the others")
    void topic() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        String topic = kafka.newTopic(1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int seed = 0; seed < 600; seed++) {
                producer.send(
                        new ProducerRecord<>(topic, new TestingHostility(seed).record(run.get(seed % run.size()))));
            }
            TestingHostility.run("sound")
                    .forEach(event -> producer.send(new ProducerRecord<>(topic, event.toByteArray())));
        }

        try (PruningEventSubscriber subscriber = PruningEventSubscriber.builder()
                .bootstrap(kafka.bootstrap())
                .topic(topic)
                .fromBeginning()
                .untilEnd()
                .onEvent(heard::add)
                .start()) {
            subscriber.await();
            assertThat(subscriber.undecodable()).isGreaterThan(150);
        }
        assertThat(heard).containsSubsequence(TestingHostility.run("sound"));
    }

    @Test
    @DisplayName("A forwarder sends what is an event of hostile journals, and reports the rest")
    void forwarding() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        long passedOver = 0;
        for (long seed = 0; seed < 12; seed++) {
            String topic = kafka.newTopic(1, Map.of());
            TestingHostility.Journal journal = new TestingHostility(seed).journal(run);
            Path file = Files.write(folder.resolve(seed + ".events"), journal.bytes());
            try (JournalForwarder forwarder = JournalForwarder.start(
                    file, KafkaSettings.of(kafka.bootstrap()).topic(topic))) {
                Delivery delivery = forwarder.drain(PATIENCE);
                assertThat(delivery.complete())
                        .as("seed %d: %s", seed, delivery.sentence())
                        .isTrue();
                assertThat(delivery.note().isPresent())
                        .as("seed %d", seed)
                        .isEqualTo(delivery.passedOver() > 0
                                || Census.of(file).sentence().isPresent());
                passedOver += delivery.passedOver();
            }
            try (JournalForwarder again = JournalForwarder.start(
                    file, KafkaSettings.of(kafka.bootstrap()).topic(topic))) {
                assertThat(again.drain(PATIENCE).complete()).as("seed %d", seed).isTrue();
            }
            assertThat(TestingTopic.records(kafka.bootstrap(), topic).stream().map(each -> List.of(each.value())))
                    .as("seed %d, sent once", seed)
                    .hasSize((int) Census.of(file).events());
            heard.clear();
            try (PruningEventSubscriber subscriber = PruningEventSubscriber.builder()
                    .bootstrap(kafka.bootstrap())
                    .topic(topic)
                    .fromBeginning()
                    .untilEnd()
                    .onEvent(heard::add)
                    .start()) {
                subscriber.await();
            }
            assertThat(heard).as("seed %d", seed).containsSubsequence(journal.sound());
        }
        assertThat(passedOver).isGreaterThan(12);
    }
}
