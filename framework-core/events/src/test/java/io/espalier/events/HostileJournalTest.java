package io.espalier.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.events.v1.PruningEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, reading ends, nothing is thrown, and what nobody touched arrives. */
@Timeout(120)
class HostileJournalTest {

    private static final int SEEDS = 600;

    private final List<PruningEvent> run = TestingHostility.run("run-of-the-test");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("Of hostile journals every untouched event arrives in order; the others are passed over and counted")
    void journals() throws IOException {
        Path file = folder.resolve("run.events");
        long passedOver = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            TestingHostility.Journal journal = new TestingHostility(seed).journal(run);
            Files.write(file, journal.bytes());

            JournalReader.Content content = JournalReader.read(file);

            assertThat(content.events()).as("seed %d", seed).containsSubsequence(journal.sound());
            boolean allIntact = content.events().equals(run);
            assertThat(allIntact
                            || content.passedOver() > 0
                            || content.truncatedAt().isPresent()
                            || content.events().size() == run.size())
                    .as("seed %d: what is missing is reported", seed)
                    .isTrue();
            assertThat(envelopes(file))
                    .as("seed %d", seed)
                    .isGreaterThanOrEqualTo(journal.sound().size());
            passedOver += content.passedOver();
        }
        assertThat(passedOver).isGreaterThan(SEEDS / 2);
    }

    @Test
    @DisplayName("A journal that grows under its reader, damage and all, gives what it gives when it is read at once")
    void growing() throws IOException {
        Path file = folder.resolve("run.events");
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            TestingHostility.Journal journal = new TestingHostility(seed).journal(run);
            List<PruningEvent> heard = new ArrayList<>();
            Files.write(file, new byte[0]);
            try (JournalCursor cursor = new JournalCursor(file, 0);
                    var out = Files.newOutputStream(file)) {
                for (int from = 0; from < journal.bytes().length; ) {
                    int count = Math.min(1 + random.nextInt(4000), journal.bytes().length - from);
                    out.write(journal.bytes(), from, count);
                    from += count;
                    for (var event = cursor.next(); event.isPresent(); event = cursor.next()) {
                        heard.add(event.get());
                    }
                }
            }
            assertThat(heard).as("seed %d", seed).containsSubsequence(journal.sound());
        }
    }

    @Test
    @DisplayName("Records made to be read over and over take no longer than others: half a megabyte of them is read")
    void nestedRecords() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        PruningEvent first = run.get(0);
        byte[] head = first.toBuilder().clearPayload().build().toByteArray();
        for (int i = 0; i < 512 * 1024 / (head.length + 3); i++) {
            // Each says that it is 200 kB long, names itself, and is no event.
            file.writeBytes(new byte[] {(byte) 0xC0, (byte) 0x9A, 0x0C});
            file.writeBytes(head);
        }
        first.writeDelimitedTo(file);
        Path journal = Files.write(folder.resolve("run.events"), file.toByteArray());

        assertThat(JournalReader.read(journal).passedOver()).isPositive();
    }

    @Test
    @DisplayName("An event behind sixteen megabytes that hold none is not looked for; one before is found")
    void longDamage() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        run.get(0).writeDelimitedTo(file);
        file.writeBytes(new byte[15 << 20]);
        run.get(1).writeDelimitedTo(file);
        file.writeBytes(new byte[17 << 20]);
        run.get(2).writeDelimitedTo(file);
        Path journal = Files.write(folder.resolve("run.events"), file.toByteArray());

        JournalReader.Content content = JournalReader.read(journal);

        assertThat(content.events()).isEqualTo(run.subList(0, 2));
        assertThat(content.passedOver()).isEqualTo(1);
        assertThat(content.damage()).contains("not an event");
    }

    @Test
    @DisplayName("Records of a topic are events with the values that events have, or refused with a reason")
    void records() {
        int refused = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] record = new TestingHostility(seed).record(run.get((int) (seed % run.size())));
            try {
                PruningEvent event = EventDecoder.decode(record);
                assertThat(event.getTime().getSeconds()).as("seed %d", seed).isBetween(-62135596800L, 253402300799L);
                assertThat(event.getRunId()).as("seed %d", seed).isNotEmpty();
                assertThat(event.getPlanned().getChannelsKept())
                        .as("seed %d", seed)
                        .isNotNegative();
            } catch (UnreadableEventException e) {
                assertThat(e).as("seed %d", seed).hasMessageContaining("event");
                refused++;
            }
        }
        assertThat(refused).isBetween(SEEDS / 4, SEEDS * 9 / 10);
    }

    @ParameterizedTest
    @DisplayName("What is no file is refused at once")
    @ValueSource(strings = {"pipe", "folder"})
    void noFile(String kind) throws Exception {
        Path path = folder.resolve("x.events");
        if (kind.equals("folder")) {
            Files.createDirectory(path);
        } else {
            assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                    .isZero();
        }
        assertThatThrownBy(() -> JournalReader.read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a journal is a file");
    }

    private static int envelopes(Path file) throws IOException {
        try (JournalCursor cursor = new JournalCursor(file, 0)) {
            int events = 0;
            while (cursor.nextEnvelope().isPresent()) {
                assertThat(cursor.record()).isNotEmpty();
                events++;
            }
            return events;
        }
    }
}
