package io.espalier.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventEnvelopeTest {

    private static final UnknownFieldSet NEWER = UnknownFieldSet.newBuilder()
            .addField(7, UnknownFieldSet.Field.newBuilder().addVarint(5).build())
            .addField(99, UnknownFieldSet.Field.newBuilder().addFixed64(5).build())
            .build();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The envelope says of every event what the event says, fields of newer versions in between or not")
    void sameAsParsed() throws IOException {
        EventEnvelope envelope = new EventEnvelope();
        for (PruningEvent told : TestingEvents.run("run \u00e9")) {
            for (PruningEvent event : List.of(
                    told,
                    told.toBuilder().setUnknownFields(NEWER).build(),
                    told.toBuilder()
                            .setTime(Timestamp.newBuilder().setSeconds(-5))
                            .clearSource()
                            .build())) {
                byte[] bytes = event.toByteArray();

                envelope.read(bytes, 0, bytes.length);

                assertThat(new String(envelope.id(), StandardCharsets.UTF_8)).isEqualTo(event.getEventId());
                assertThat(envelope.runId()).isEqualTo(event.getRunId());
                assertThat(envelope.sequence()).isEqualTo(event.getSequence());
                assertThat(envelope.seconds()).isEqualTo(event.getTime().getSeconds());
                assertThat(envelope.nanos()).isEqualTo(event.getTime().getNanos());
                assertThat(envelope.source()).isEqualTo(event.getSource());
                assertThat(envelope.isLast()).isEqualTo(JournalReader.isLast(event));
                assertThat(envelope.payload()).isEqualTo(event.getPayloadCase().getNumber());
            }
        }
    }

    @Test
    @DisplayName("A cursor over envelopes sees the same records, and passes over the same, as one over events")
    void cursor() throws IOException {
        Path file = folder.resolve("run.events");
        try (Journal journal = Journal.create(file)) {
            TestingEvents.run("run").forEach(journal::accept);
        }
        try (JournalCursor events = new JournalCursor(file, 0);
                JournalCursor envelopes = new JournalCursor(file, 0)) {
            while (events.next().isPresent()) {
                assertThat(envelopes.nextEnvelope()).isPresent();
                assertThat(envelopes.record()).isEqualTo(events.record());
                assertThat(envelopes.offset()).isEqualTo(events.offset());
            }
            assertThat(envelopes.nextEnvelope()).isEmpty();
        }
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, whole, java.nio.file.StandardOpenOption.APPEND);
        try (JournalCursor envelopes = new JournalCursor(file, whole.length)) {
            assertThat(envelopes.nextEnvelope().orElseThrow().sequence()).isEqualTo(1);
        }
        List<PassedOver> passed = new ArrayList<>();
        try (JournalCursor envelopes = new JournalCursor(file, 0, passed::add)) {
            int events = 0;
            while (envelopes.nextEnvelope().isPresent()) {
                events++;
            }
            assertThat(events).isEqualTo(3);
        }
        assertThat(passed).hasSize(3).allMatch(each -> each.reason().equals("an event that came before"));
    }
}
