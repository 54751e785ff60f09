package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.TestingCli.Result;
import io.espalier.events.EventSink;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.VerificationOutcome;
import io.espalier.events.v1.Verified;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EventsCommandTest {

    private static final int EVENTS = 5;

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka = EmbeddedKafka.shared();
    private String topic;
    private Path journal;

    @BeforeEach
    void prepare() throws IOException {
        topic = kafka.newTopic();
        journal = journal("0123456789abcdef");
    }

    private Path journal(String runId) throws IOException {
        Path file = folder.resolve(runId + ".events");
        try (Journal output = Journal.create(file)) {
            Events events = new Events(
                    runId,
                    "espalier test",
                    Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC),
                    List.<EventSink>of(output));
            events.emit(RunStarted.newBuilder()
                    .setToolVersion("espalier 1")
                    .setCommand("prune")
                    .build());
            events.emit(ProgressReported.newBuilder()
                    .setPhase("scoring \u001b[2J")
                    .setDone(3)
                    .setTotal(8)
                    .build());
            events.emit(ProgressReported.newBuilder()
                    .setPhase("scoring")
                    .setDone(8)
                    .setTotal(8)
                    .build());
            events.emit(Verified.newBuilder()
                    .setOutcome(VerificationOutcome.VERIFICATION_OUTCOME_PROVED)
                    .setMaxRelativeDifference(1e-7)
                    .setTolerance(1e-4)
                    .build());
            events.emit(RunFinished.newBuilder()
                    .setOriginal(Cost.newBuilder().setMacs(1000).setParameters(100))
                    .setPruned(Cost.newBuilder().setMacs(500).setParameters(80))
                    .build());
        }
        return file;
    }

    @Test
    @DisplayName("tail shows a journal in words, with what could move the cursor escaped")
    void tailJournal() {
        Result result = TestingCli.with().run("events", "tail", journal.toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "2026-11-22T12:00:00Z  01234567     1  started: espalier 1, prune ",
                        "2026-11-22T12:00:00Z  01234567     2  scoring \\u001b[2J 3/8",
                        "2026-11-22T12:00:00Z  01234567     3  scoring 8/8",
                        "2026-11-22T12:00:00Z  01234567     4  proved: largest relative difference 1.0e-07, allowed 1.0e-04",
                        "2026-11-22T12:00:00Z  01234567     5  finished: parameters -20.0 %, MACs -50.0 %, bytes unknown");
    }

    @Test
    @DisplayName("replay sends a journal once; export prints it from Kafka and from the file as the same lines")
    void replayAndExport() throws IOException {
        Result first = kafka("replay", journal.toString());
        Result second = kafka("replay", journal.toString());
        Result fromKafka = kafka("export");
        Result fromFile = TestingCli.with().run("events", "export", journal.toString());

        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo("5 of 5 events of the journal are on Kafka\n");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(fromKafka.out().lines()).hasSize(EVENTS);
        assertThat(fromKafka.out()).isEqualTo(fromFile.out());
        JsonNode last = new ObjectMapper()
                .readTree(fromFile.out().lines().skip(EVENTS - 1).findFirst().orElseThrow());
        assertThat(last.at("/runFinished/pruned/macs").asText()).isEqualTo("500");
    }

    @Test
    @DisplayName("replay --all sends again; readers hear it once")
    void replayAll() {
        kafka("replay", journal.toString());
        kafka("replay", journal.toString(), "--all");

        assertThat(kafka("export").out().lines()).hasSize(EVENTS);
    }

    @Test
    @DisplayName("tail --run of a run that has ended shows it and ends")
    void tailRun() throws IOException {
        kafka("replay", journal.toString());
        kafka("replay", journal("another").toString());

        Result result = kafka("tail", "--run", "another", "--from", "beginning", "--json");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines()).hasSize(EVENTS).allMatch(line -> line.contains("\"runId\":\"another\""));
    }

    @Test
    @DisplayName("export of a cut or damaged journal prints every event and says once what it passed over")
    void brokenJournals() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
            file.setLength(file.length() - 2);
        }
        Result cut = TestingCli.with().run("events", "export", journal.toString());
        assertThat(cut.exitCode()).isZero();
        assertThat(cut.out().lines()).hasSize(EVENTS - 1);
        assertThat(cut.err()).contains("was cut in the middle of an event at byte ");

        try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
            int half = (int) file.length() / 2;
            file.seek(half);
            file.write(new byte[half]);
        }
        Result damaged = TestingCli.with().run("events", "export", journal.toString());
        assertThat(damaged.exitCode()).isZero();
        assertThat(damaged.out().lines()).hasSizeBetween(1, EVENTS - 1);
        assertThat(damaged.err()).contains("is damaged at byte").hasLineCount(2);
    }

    @Test
    @DisplayName("An event whose time no clock shows is passed over by export, tail and replay; that is said once")
    void impossibleTime() throws IOException {
        try (InputStream resource = EventsCommandTest.class.getResourceAsStream("/events/time-out-of-range.events")) {
            Files.write(journal, resource.readAllBytes());
        }
        Result export = TestingCli.with().run("events", "export", journal.toString());
        Result tail = TestingCli.with().run("events", "tail", journal.toString());
        Result replay = kafka("replay", journal.toString());
        Result fromKafka = kafka("export");

        assertThat(export.exitCode()).as(export.err()).isZero();
        assertThat(export.out().lines()).hasSize(20);
        assertThat(export.err()).hasLineCount(1).contains("passed over byte 4521 of the journal", "not in the years");
        assertThat(tail.exitCode()).as(tail.err()).isZero();
        assertThat(tail.out().lines()).hasSameSizeAs(export.out().lines().toList());
        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(replay.err()).hasLineCount(1).contains("is no event was passed over");
        assertThat(fromKafka.out()).isEqualTo(export.out());
    }

    @Test
    @DisplayName("A pipe or a folder is refused at once")
    void noFile() throws Exception {
        Path pipe = folder.resolve("x.events");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertSentence(ExitCode.FAILED, "is a pipe or a device, and a journal is a file", "events", "tail", "" + pipe);
        assertSentence(ExitCode.FAILED, "is a pipe or a device", "events", "export", "" + pipe);
        assertSentence(ExitCode.FAILED, "is a pipe", "events", "replay", "" + pipe, "--kafka", kafka.bootstrap());
        assertSentence(ExitCode.FAILED, "is a folder", "events", "export", "" + folder);
    }

    @Test
    @DisplayName("init makes the topic once and says how an existing one differs")
    void init() {
        String[] make = {"events", "init", "--kafka", kafka.bootstrap(), "--topic", "made.by.init", "--retention", "2d"
        };
        Result made = TestingCli.with().run(make);
        Result again = TestingCli.with().run(make);
        Result other = TestingCli.with()
                .run("events", "init", "--kafka", kafka.bootstrap(), "--topic", "made.by.init", "--partitions", "5");

        assertThat(made.out()).isEqualTo("made made.by.init: partitions 3, replication 1, kept for 2 days\n");
        assertThat(again.out()).isEqualTo("exists made.by.init: partitions 3, replication 1, kept for 2 days\n");
        assertThat(again.err()).isEmpty();
        assertThat(other.err()).isEqualTo("espalier: not as wanted, and not changed: it has 3 partitions, not 5\n");
        assertThat(other.exitCode()).isZero();
    }

    @Test
    @DisplayName("Without Kafka every command says in one sentence what is wrong and what to do")
    void sentences() throws IOException {
        Path config = Files.writeString(folder.resolve("kafka.properties"), "kafka.sasl.jaas.config=secret-thing");
        Path empty = Files.writeString(folder.resolve("empty.events"), "");
        Path text = Files.writeString(folder.resolve("text.events"), "no journal", StandardCharsets.UTF_8);

        assertSentence(ExitCode.USAGE, "nothing says where Kafka is", "events", "tail");
        assertSentence(ExitCode.USAGE, "nothing says where Kafka is", "events", "init", "--kafka-config", "" + config);
        assertSentence(ExitCode.USAGE, "brokers are given as host:port", "events", "tail", "--kafka", "broker");
        assertSentence(ExitCode.USAGE, "--from cannot be 'soon'", "events", "tail", "x", "--from", "soon");
        assertSentence(ExitCode.USAGE, "leave one out", "events", "tail", "" + journal, "--kafka", kafka.bootstrap());
        assertSentence(ExitCode.UNDELIVERED, "nothing listens there", "events", "init", "--kafka", "localhost:1");
        assertSentence(
                ExitCode.UNDELIVERED,
                "the topic nowhere does not exist at " + kafka.bootstrap() + "; create it with: espalier events init",
                "events",
                "tail",
                "--kafka",
                kafka.bootstrap(),
                "--topic",
                "nowhere");
        assertSentence(ExitCode.FAILED, "holds no event", "events", "replay", "" + empty, "--kafka", kafka.bootstrap());
        assertSentence(ExitCode.FAILED, "holds no event", "events", "replay", "" + text, "--kafka", kafka.bootstrap());
        assertSentence(
                ExitCode.FAILED, "does not exist", "events", "replay", "" + folder.resolve("no"), "--kafka", "a:1");
        assertSentence(
                ExitCode.USAGE, "--retention cannot be '0d'", "events", "init", "--kafka", "a:1", "--retention", "0d");
    }

    private static void assertSentence(int exitCode, String part, String... arguments) {
        Result result = TestingCli.with().run(arguments);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(result.err()).contains(part).doesNotContain("\tat ", "secret-thing");
        assertThat(result.out()).isEmpty();
    }

    private Result kafka(String command, String... more) {
        return TestingCli.with()
                .run(java.util.stream.Stream.of(
                                List.of("events", command),
                                List.of(more),
                                List.of("--kafka", kafka.bootstrap(), "--topic", topic))
                        .flatMap(List::stream)
                        .toArray(String[]::new));
    }
}
