package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.espalier.events.v1.PruningEvent;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalForwarderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka = EmbeddedKafka.shared();
    private String topic;
    private KafkaSettings settings;

    @BeforeEach
    void newTopic() {
        topic = kafka.newTopic(3, Map.of());
        settings = KafkaSettings.of(kafka.bootstrap()).topic(topic);
    }

    @Test
    @DisplayName("A live journal arrives whole, in order and byte for byte, in one partition under the key of the run")
    void followsALiveJournal() throws Exception {
        try (TestingJournal journal = TestingJournal.begin(folder, "run");
                JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings)) {
            journal.progress(3000);
            journal.finish();

            Delivery delivery = forwarder.drain(PATIENCE);

            assertThat(delivery.complete()).as(delivery.sentence()).isTrue();
            assertThat(delivery.written()).isEqualTo(3002);
            List<ConsumerRecord<byte[], byte[]>> records = TestingTopic.records(kafka.bootstrap(), topic);
            assertThat(records.stream().map(each -> HexFormat.of().formatHex(each.value())))
                    .containsExactlyElementsOf(values(journal.told()));
            assertThat(records)
                    .allSatisfy(each -> assertThat(each.key()).asString().isEqualTo("run"));
            assertThat(records)
                    .extracting(ConsumerRecord::partition)
                    .containsOnly(records.get(0).partition());
        }
    }

    @Test
    @DisplayName("A reader of CloudEvents understands the headers")
    void cloudEvents() throws Exception {
        try (TestingJournal journal = TestingJournal.whole(folder, "run", 3);
                JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings)) {
            forwarder.drain(PATIENCE);
        }
        ConsumerRecord<byte[], byte[]> record =
                TestingTopic.records(kafka.bootstrap(), topic).get(1);

        MessageReader reader = KafkaMessageFactory.createReader(record);
        CloudEvent event = reader.toEvent();

        assertThat(event.getId()).isEqualTo("run-2");
        assertThat(event.getSource()).hasToString("espalier%20test");
        assertThat(event.getType()).isEqualTo("pruning.events.v1.ProgressReported");
        assertThat(event.getTime()).isEqualTo(TestingJournal.NOW.atOffset(ZoneOffset.UTC));
        assertThat(event.getSubject()).isEqualTo("run");
        assertThat(event.getDataContentType()).isEqualTo("application/protobuf");
        assertThat(PruningEvent.parseFrom(event.getData().toBytes()).getSequence())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("A second forwarder goes on where the first stopped; without its note everything is sent again")
    void resumes() throws Exception {
        try (TestingJournal journal = TestingJournal.begin(folder, "run")) {
            journal.progress(99);
            try (JournalForwarder first = JournalForwarder.start(journal.file(), settings)) {
                assertThat(first.drain(PATIENCE).delivered()).isEqualTo(100);
            }
            journal.progress(99);
            journal.finish();
            try (JournalForwarder second = JournalForwarder.start(journal.file(), settings)) {
                assertThat(second.drain(PATIENCE).delivered()).isEqualTo(200);
            }
            assertThat(TestingTopic.events(kafka.bootstrap(), topic)).isEqualTo(journal.told());

            Files.delete(Checkpoint.file(journal.file()));
            try (JournalForwarder third = JournalForwarder.start(journal.file(), settings)) {
                assertThat(third.drain(PATIENCE).complete()).isTrue();
            }
            List<PruningEvent> sent = TestingTopic.events(kafka.bootstrap(), topic);
            assertThat(sent).hasSize(400);
            assertThat(TestingTopic.unique(sent)).isEqualTo(journal.told());
        }
    }

    @Test
    @DisplayName("A thread that ends after its forwarder was closed brings back no note that was deleted")
    void lateNote() throws Exception {
        Path journal = folder.resolve("run.events");
        Checkpoint checkpoint = new Checkpoint(journal, "run", "here", topic);
        Note note = new Note();
        note.save(checkpoint, new Progress.Position(5, 50, 0));
        assertThat(Checkpoint.file(journal)).exists();
        note.close();
        JournalForwarder.forget(journal);

        note.save(checkpoint, new Progress.Position(10, 100, 0));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("The note of another run, topic or cluster, or one that points nowhere, is not believed")
    void foreignNotes() throws Exception {
        try (TestingJournal journal = TestingJournal.whole(folder, "run", 10)) {
            Progress.Position position = new Progress.Position(10, Files.size(journal.file()), 0);
            Checkpoint ours = new Checkpoint(journal.file(), "run", "here", topic);

            ours.save(position);
            assertThat(ours.load()).isEqualTo(position);
            new Checkpoint(journal.file(), "other", "here", topic).save(position);
            assertThat(ours.load()).isEqualTo(Progress.Position.START);
            new Checkpoint(journal.file(), "run", "there", topic).save(position);
            assertThat(ours.load()).isEqualTo(Progress.Position.START);
            new Checkpoint(journal.file(), "run", "here", "other").save(position);
            assertThat(ours.load()).isEqualTo(Progress.Position.START);
            ours.save(new Progress.Position(3, 17, 0));
            assertThat(ours.load()).isEqualTo(Progress.Position.START);
            Files.writeString(Checkpoint.file(journal.file()), "offset=\\u00zz");
            assertThat(ours.load()).isEqualTo(Progress.Position.START);
        }
    }

    @Test
    @DisplayName("Of a journal that was cut inside an event the whole events arrive, and the cut is told")
    void cutJournal() throws Exception {
        try (TestingJournal journal = TestingJournal.whole(folder, "run", 50)) {
            try (RandomAccessFile file = new RandomAccessFile(journal.file().toFile(), "rw")) {
                file.setLength(file.length() - 1);
            }
            try (JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings)) {
                Delivery delivery = forwarder.drain(PATIENCE);

                assertThat(delivery.delivered()).isEqualTo(49);
                assertThat(delivery.note().orElseThrow()).contains("was cut in the middle of an event at byte");
            }
            assertThat(TestingTopic.events(kafka.bootstrap(), topic))
                    .isEqualTo(journal.told().subList(0, 49));
        }
    }

    @Test
    @DisplayName("Of a journal with rubbish in it the events before the rubbish arrive, and the rubbish is told")
    void damagedJournal() throws Exception {
        try (TestingJournal journal = TestingJournal.begin(folder, "run")) {
            journal.progress(20);
            Files.write(
                    journal.file(),
                    "\u0005rubbish".getBytes(StandardCharsets.UTF_8),
                    java.nio.file.StandardOpenOption.APPEND);
            try (JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings)) {
                Delivery delivery = forwarder.drain(PATIENCE);

                assertThat(delivery.delivered()).isEqualTo(21);
                assertThat(delivery.note().orElseThrow()).contains("no event was passed over, first at byte");
            }
        }
    }

    @Test
    @DisplayName("An event larger than the topic allows is counted and passed; the others arrive in order")
    void tooLarge() throws Exception {
        String narrow = kafka.newTopic(1, Map.of("max.message.bytes", "4000"));
        try (TestingJournal journal = TestingJournal.begin(folder, "run")) {
            journal.progress(100);
            journal.tell(TestingJournal.progress(incompressible(20_000), 1));
            journal.progress(100);
            journal.finish();
            try (JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings.topic(narrow))) {
                Delivery delivery = forwarder.drain(PATIENCE);

                assertThat(delivery.pending()).as(delivery.sentence()).isZero();
                assertThat(delivery.refused()).isEqualTo(1);
                assertThat(delivery.complete()).isFalse();
                assertThat(delivery.sentence()).startsWith("1 event is larger than Kafka allows");
            }
            List<PruningEvent> expected = new java.util.ArrayList<>(journal.told());
            expected.remove(101);
            assertThat(TestingTopic.unique(TestingTopic.events(kafka.bootstrap(), narrow)))
                    .isEqualTo(expected);
        }
    }

    private static String incompressible(int length) {
        return new java.util.Random(1)
                .ints(length, ' ', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static List<String> values(List<PruningEvent> events) {
        return events.stream()
                .map(event -> HexFormat.of().formatHex(event.toByteArray()))
                .toList();
    }
}
