package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.kafka.EventsTopic.Layout;
import io.espalier.kafka.EventsTopic.State;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventsTopicTest {

    private static final Layout LAYOUT =
            new Layout(OptionalInt.of(3), OptionalInt.of(1), Optional.of(Duration.ofDays(7)));

    private final EmbeddedKafka kafka = EmbeddedKafka.shared();

    @Test
    @DisplayName("The topic is made once; a second time nothing happens and nothing differs")
    void idempotent() {
        KafkaSettings settings = KafkaSettings.of(kafka.bootstrap()).topic("made.once");

        State made = EventsTopic.init(settings, LAYOUT);
        State again = EventsTopic.init(settings, LAYOUT);

        assertThat(made.created()).isTrue();
        assertThat(made.partitions()).isEqualTo(3);
        assertThat(made.replication()).isEqualTo(1);
        assertThat(made.retentionMillis()).isEqualTo(Duration.ofDays(7).toMillis());
        assertThat(made.differences()).isEmpty();
        assertThat(again.created()).isFalse();
        assertThat(again.differences()).isEmpty();
    }

    @Test
    @DisplayName("Of a topic that exists it is said what differs, and nothing is changed")
    void differences() {
        String topic = kafka.newTopic(1, Map.of("retention.ms", "1000", "max.message.bytes", "5000"));
        KafkaSettings settings = KafkaSettings.of(kafka.bootstrap()).topic(topic);

        State state = EventsTopic.init(settings, LAYOUT);

        assertThat(state.created()).isFalse();
        assertThat(state.differences())
                .containsExactly(
                        "it has 1 partitions, not 3",
                        "its retention.ms is 1000, not 604800000",
                        "its max.message.bytes is 5000, but an event may take 262144 bytes and some more on the way");
        assertThat(EventsTopic.init(settings, LAYOUT)).isEqualTo(state);
    }
}
