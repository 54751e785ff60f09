package io.espalier.cli.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.events.EventDecoder;
import io.espalier.events.TestingHostility;
import io.espalier.events.UnreadableEventException;
import io.espalier.events.v1.PruningEvent;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostileEventsTest {

    @Test
    @DisplayName("Whatever values events have, each is one line of words and one of JSON, without what moves a cursor")
    void lines() throws Exception {
        List<PruningEvent> run = TestingHostility.run("run");
        ObjectMapper json = new ObjectMapper();
        int shown = 0;
        for (int seed = 0; seed < 1500; seed++) {
            PruningEvent event;
            try {
                event = EventDecoder.decode(new TestingHostility(seed).record(run.get(seed % run.size())));
            } catch (UnreadableEventException e) {
                continue;
            }
            shown++;
            assertThat(EventText.line(event)).as("seed %d", seed).doesNotContainPattern("\\p{Cntrl}|\u202e|\u2028");
            assertThat(EventJson.line(event)).as("seed %d", seed).doesNotContainPattern("\\p{Cntrl}|\u202e|\u2028");
            assertThat(json.readTree(EventJson.line(event)).isObject())
                    .as("seed %d", seed)
                    .isTrue();
        }
        assertThat(shown).isGreaterThan(300);
    }
}
