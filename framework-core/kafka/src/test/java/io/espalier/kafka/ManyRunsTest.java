package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.v1.PruningEvent;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The small sibling of {@code docs/benchmarks/events runs}. */
@Timeout(240)
class ManyRunsTest {

    private static final int RUNS = 40;
    private static final int EVENTS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka = EmbeddedKafka.shared();
    private final KafkaSettings settings = KafkaSettings.of(kafka.bootstrap()).topic(kafka.newTopic(3, Map.of()));

    @Test
    @DisplayName("Of runs that send at once, a tenth of them twice, a subscriber hears every event once and in order")
    void everyEventOnce() throws Exception {
        Map<String, List<PruningEvent>> told = new LinkedHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(RUNS);
        try {
            Map<String, Future<List<PruningEvent>>> runs = new LinkedHashMap<>();
            for (int i = 0; i < RUNS; i++) {
                String id = "run-" + i;
                boolean again = i % 10 == 0;
                Callable<List<PruningEvent>> run = () -> run(id, again);
                runs.put(id, threads.submit(run));
            }
            for (Map.Entry<String, Future<List<PruningEvent>>> run : runs.entrySet()) {
                told.put(run.getKey(), run.getValue().get());
            }
        } finally {
            threads.shutdown();
        }
        Map<String, List<PruningEvent>> heard = new LinkedHashMap<>();

        try (PruningEventSubscriber subscriber = PruningEventSubscriber.builder()
                .kafka(settings)
                .fromBeginning()
                .untilEnd()
                .onEvent(event -> heard.computeIfAbsent(event.getRunId(), id -> new ArrayList<>())
                        .add(event))
                .start()) {
            subscriber.await();
            // More come again when a broker that is busy lets a link fail.
            assertThat(subscriber.duplicates()).isGreaterThanOrEqualTo(RUNS / 10 * EVENTS);
        }
        assertThat(heard).containsExactlyInAnyOrderEntriesOf(told);
    }

    private List<PruningEvent> run(String id, boolean again) throws Exception {
        try (TestingJournal journal = TestingJournal.whole(folder, id, EVENTS)) {
            send(journal.file());
            if (again) {
                JournalForwarder.forget(journal.file());
                send(journal.file());
            }
            return journal.told();
        }
    }

    private void send(Path journal) throws Exception {
        try (JournalForwarder forwarder = JournalForwarder.start(journal, settings)) {
            assertThat(forwarder.drain(PATIENCE).complete()).as("%s", journal).isTrue();
        }
    }
}
