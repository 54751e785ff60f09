package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.events.EventDecoder;
import io.espalier.events.TestingHostility;
import io.espalier.events.UnreadableEventException;
import io.espalier.events.v1.PruningEvent;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostileEventsTest {

    private final Runs runs = new Runs();

    @Test
    @DisplayName("Whatever values events have, the list and the details of every run are JSON that a browser reads")
    void values() throws Exception {
        ObjectMapper json = new ObjectMapper();
        for (int seed = 0; seed < 600; seed++) {
            String id = "run-" + seed;
            List<PruningEvent> run = TestingHostility.run(id);
            for (PruningEvent event : run) {
                boolean hostile = event.getSequence() % 4 == seed % 4;
                try {
                    runs.accept(EventDecoder.decode(
                            hostile ? new TestingHostility(seed).record(event) : event.toByteArray()));
                } catch (UnreadableEventException e) {
                    // Counted by whoever reads.
                    continue;
                }
            }
            JsonNode details =
                    json.readTree(json.writeValueAsString(runs.details(id).orElseThrow()));
            assertThat(details.get("id").textValue()).as("seed %d", seed).isEqualTo(id);
            assertThat(details.toString()).as("seed %d", seed).hasSizeLessThan(3_000_000);
            details.forEach(each -> assertThat(each.isTextual() && Character.isHighSurrogate(last(each.textValue())))
                    .isFalse());
        }
        assertThat(json.readTree(json.writeValueAsString(runs.list(500))).get("runs"))
                .hasSize(500);
    }

    @Test
    @DisplayName("A number that cannot be does not make the monitor deaf to the events behind it")
    void deaf() {
        List<PruningEvent> run = TestingHostility.run("run");
        runs.accept(run.get(0));
        runs.accept(run.get(1).toBuilder()
                .setSequence(Long.MAX_VALUE)
                .clearEventId()
                .build());
        assertThat(runs.accept(run.get(2))).isTrue();
        assertThat(runs.accept(run.get(2))).isFalse();
    }

    private static char last(String text) {
        return text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    }
}
