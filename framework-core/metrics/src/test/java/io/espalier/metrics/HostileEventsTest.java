package io.espalier.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.EventDecoder;
import io.espalier.events.TestingHostility;
import io.espalier.events.UnreadableEventException;
import io.espalier.events.v1.PruningEvent;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostileEventsTest {

    @Test
    @DisplayName("Whatever values events have, they are counted, and meters are shown")
    void values() {
        List<PruningEvent> run = TestingHostility.run("run");
        int events = 0;
        try (PrometheusScrape scrape = new PrometheusScrape()) {
            for (int seed = 0; seed < 600; seed++) {
                for (PruningEvent event : run) {
                    byte[] record = seed % run.size() == event.getSequence() - 1
                            ? new TestingHostility(seed).record(event)
                            : event.toByteArray();
                    try {
                        scrape.meters().accept(EventDecoder.decode(record));
                        events++;
                    } catch (UnreadableEventException e) {
                        // Counted by whoever reads.
                        continue;
                    }
                }
                assertThat(scrape.text()).as("seed %d", seed).contains("pruning_events_emitted_total");
            }
            double emitted = scrape.text()
                    .lines()
                    .filter(line -> line.startsWith("pruning_events_emitted_total"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 2)))
                    .sum();
            assertThat(emitted).isEqualTo(events);
            assertThat(scrape.text().lines().filter(line -> line.startsWith("pruning_run_seconds_sum")))
                    .allSatisfy(line -> assertThat(Double.parseDouble(line.substring(line.indexOf('}') + 2)))
                            .isNotNegative());
        }
    }
}
