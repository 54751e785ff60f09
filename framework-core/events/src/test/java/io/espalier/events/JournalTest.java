package io.espalier.events;

import static io.espalier.events.TestingEvents.events;
import static io.espalier.events.TestingEvents.finished;
import static io.espalier.events.TestingEvents.progress;
import static io.espalier.events.TestingEvents.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    Path folder;

    @Test
    void readsBackWhatWasAppended() throws IOException {
        Path file = folder.resolve("run.journal");
        List<PruningEvent> told = TestingEvents.run("run");
        write(file, told);

        JournalReader.Content content = JournalReader.read(file);
        assertThat(content.events()).isEqualTo(told);
        assertThat(content.truncatedAt()).isEmpty();
        assertThat(content.damage()).isEmpty();
        assertThat(content.ended()).isTrue();
    }

    @Test
    void isPlainLengthDelimitedProtobuf() throws IOException {
        Path file = folder.resolve("run.journal");
        List<PruningEvent> told = TestingEvents.run("run");
        write(file, told);

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (PruningEvent event : told) {
            event.writeDelimitedTo(expected);
        }
        assertThat(file).hasBinaryContent(expected.toByteArray());
    }

    @Test
    void everyEventIsOnDiskAtOnce() throws IOException {
        Path file = folder.resolve("run.journal");
        try (Journal journal = Journal.create(file)) {
            Events events = events("run", journal);
            events.emit(started());
            assertThat(JournalReader.read(file).events()).hasSize(1);
            assertThat(JournalReader.read(file).ended()).isFalse();
            events.emit(finished());
            assertThat(JournalReader.read(file).events()).hasSize(2);
        }
    }

    @Test
    void newRunReplacesTheJournalOfTheLast() throws IOException {
        Path file = folder.resolve("run.journal");
        write(file, TestingEvents.run("first"));
        write(file, TestingEvents.run("second").subList(0, 1));
        assertThat(JournalReader.read(file).events())
                .extracting(PruningEvent::getRunId)
                .containsExactly("second");
    }

    @Test
    void cutAtEveryByteOfTheLastRecord() throws IOException {
        Path file = folder.resolve("run.journal");
        List<PruningEvent> told = TestingEvents.run("run-with-an-id-of-some-length");
        write(file, told.subList(0, 2));
        int whole = (int) Files.size(file);
        write(file, told);
        byte[] all = Files.readAllBytes(file);
        assertThat(all.length).isGreaterThan(whole + 50);

        for (int cut = whole; cut <= all.length; cut++) {
            Files.write(file, Arrays.copyOf(all, cut));
            JournalReader.Content content = JournalReader.read(file);
            assertThat(content.damage()).as("cut at %d", cut).isEmpty();
            if (cut == whole || cut == all.length) {
                assertThat(content.truncatedAt()).as("cut at %d", cut).isEmpty();
                assertThat(content.events()).hasSize(cut == whole ? 2 : 3);
            } else {
                assertThat(content.truncatedAt()).as("cut at %d", cut).hasValue(whole);
                assertThat(content.events()).as("cut at %d", cut).isEqualTo(told.subList(0, 2));
            }
        }
    }

    @Test
    void longRecordWithALengthOfSeveralBytesIsCutAnywhere() throws IOException {
        Path file = folder.resolve("run.journal");
        List<PruningEvent> told = new ArrayList<>();
        Events events = events("run", told::add);
        events.emit(started());
        events.emit(ProgressReported.newBuilder().setPhase("p".repeat(70_000)).build());
        write(file, told);
        byte[] all = Files.readAllBytes(file);
        int whole = all.length - told.get(1).getSerializedSize() - 3;
        for (int cut : new int[] {whole + 1, whole + 2, whole + 3, whole + 4, all.length - 1}) {
            Files.write(file, Arrays.copyOf(all, cut));
            assertThat(JournalReader.read(file).truncatedAt()).hasValue(whole);
        }
    }

    @Test
    void whatIsNoEventAtTheEndIsSaidToBeDamageOrPassedOver() throws IOException {
        Path file = folder.resolve("run.journal");
        List<PruningEvent> told = TestingEvents.run("run");
        write(file, told.subList(0, 2));
        byte[] sound = Files.readAllBytes(file);

        assertEnd(file, sound, new byte[16], "not an event", 0);
        assertEnd(file, sound, new byte[] {-1, -1, -1, -1, -1, -1}, "not an event", 0);
        assertEnd(file, sound, new byte[] {-1, -1, -1, -1, 15}, "not an event", 0);
        assertEnd(file, sound, new byte[] {3, 7, 7, 7}, "", 1);
        assertEnd(file, sound, record(told.get(0)), "", 1);
        assertEnd(file, sound, record(TestingEvents.run("other").get(2)), "", 1);
    }

    @Test
    void randomBytesNeverBreakTheReader() throws IOException {
        Path file = folder.resolve("random");
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Files.write(file, bytes);
            JournalReader.Content content = JournalReader.read(file);
            assertThat(content.events()).as("seed %d", seed).isEmpty();
            assertThat(content.truncatedAt().isPresent() || content.passedOver() > 0)
                    .as("seed %d", seed)
                    .isEqualTo(bytes.length > 0);
        }
    }

    @Test
    void cursorGoesOnWhereAnotherStopped() throws IOException {
        Path file = folder.resolve("run.journal");
        List<PruningEvent> told = TestingEvents.run("run");
        write(file, told);
        long offset;
        try (JournalCursor cursor = new JournalCursor(file, 0)) {
            assertThat(cursor.next()).contains(told.get(0));
            offset = cursor.offset();
        }
        try (JournalCursor cursor = new JournalCursor(file, offset)) {
            assertThat(cursor.next()).contains(told.get(1));
            assertThat(cursor.next()).contains(told.get(2));
            assertThat(cursor.next()).isEmpty();
            assertThat(cursor.remaining()).isZero();
            Files.write(file, new byte[0]);
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("it was replaced");
        }
    }

    @Test
    void fileThatCannotBeOpenedIsSaidAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> Journal.create(file.resolve("run.journal"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Journal.create(folder)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> JournalReader.read(folder.resolve("none"))).isInstanceOf(IOException.class);
    }

    @Test
    void fullDiskIsRememberedAndTheWholeRecordsStay() throws IOException {
        Path file = folder.resolve("run.journal");
        List<PruningEvent> told = TestingEvents.run("run");
        int room = record(told.get(0)).length + 10;
        FullDisk disk = new FullDisk(JournalOutput.open(file), room, false);
        Journal journal = new Journal("the journal", disk);
        Events events = events("run", journal);

        events.emit(started());
        assertThat(journal.failure()).isEmpty();
        events.emit(progress(1));
        events.emit(finished());
        journal.close();

        assertThat(journal.failure()).contains(new EventLoss("the journal", 2, "java.io.IOException: no space left"));
        assertThat(events.losses()).containsExactly(journal.failure().orElseThrow());
        assertThat(file).hasBinaryContent(record(told.get(0)));
    }

    @Test
    void tornRecordThatCannotBeRemovedIsRecoveredFrom() throws IOException {
        Path file = folder.resolve("run.journal");
        List<PruningEvent> told = TestingEvents.run("run");
        int room = record(told.get(0)).length + 10;
        Journal journal = new Journal("the journal", new FullDisk(JournalOutput.open(file), room, true));
        told.forEach(journal::accept);
        journal.close();

        assertThat(journal.failure()).hasValueSatisfying(loss -> {
            assertThat(loss.count()).isEqualTo(2);
            assertThat(loss.reason()).contains("could not be removed");
        });
        JournalReader.Content content = JournalReader.read(file);
        assertThat(content.events()).containsExactly(told.get(0));
        assertThat(content.truncatedAt()).hasValue(record(told.get(0)).length);
    }

    @Test
    void interruptDoesNotEndTheStory() throws IOException {
        Path file = folder.resolve("run.journal");
        try (Journal journal = Journal.create(file)) {
            Thread.currentThread().interrupt();
            TestingEvents.run("run").forEach(journal::accept);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(journal.failure()).isEmpty();
        }
        assertThat(JournalReader.read(file).ended()).isTrue();
    }

    @Test
    void eventsAfterCloseAreCounted() throws IOException {
        Journal journal = Journal.create(folder.resolve("run.journal"));
        journal.close();
        journal.close();
        assertThat(journal.failure()).isEmpty();
        TestingEvents.run("run").forEach(journal::accept);
        assertThat(journal.failure()).map(EventLoss::count).isEqualTo(Optional.of(3L));
    }

    /** Damage that nothing follows keeps its place; a whole record that is no event does not. */
    private static void assertEnd(Path file, byte[] sound, byte[] tail, String damage, int passedOver)
            throws IOException {
        byte[] bytes = Arrays.copyOf(sound, sound.length + tail.length);
        System.arraycopy(tail, 0, bytes, sound.length, tail.length);
        Files.write(file, bytes);
        JournalReader.Content content = JournalReader.read(file);
        assertThat(content.damage().orElse("")).isEqualTo(damage);
        assertThat(content.passedOver()).isEqualTo(passedOver);
        assertThat(content.truncatedAt())
                .isEqualTo(passedOver > 0 ? OptionalLong.empty() : OptionalLong.of(sound.length));
        assertThat(content.events()).hasSize(2);
    }

    private static void write(Path file, List<PruningEvent> events) throws IOException {
        try (Journal journal = Journal.create(file)) {
            events.forEach(journal::accept);
            assertThat(journal.failure()).isEmpty();
        }
    }

    private static byte[] record(PruningEvent event) throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        event.writeDelimitedTo(record);
        return record.toByteArray();
    }

    /** Takes a number of bytes and then, in the middle of a record, no more. */
    private static final class FullDisk implements JournalOutput {

        private final JournalOutput file;
        private final boolean stuck;
        private int room;

        FullDisk(JournalOutput file, int room, boolean stuck) {
            this.file = file;
            this.room = room;
            this.stuck = stuck;
        }

        @Override
        public void write(byte[] record) throws IOException {
            int fitting = Math.min(room, record.length);
            file.write(Arrays.copyOf(record, fitting));
            room -= fitting;
            if (fitting < record.length) {
                throw new IOException("no space left");
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            if (stuck) {
                throw new IOException("the device is gone");
            }
            file.truncate(length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
