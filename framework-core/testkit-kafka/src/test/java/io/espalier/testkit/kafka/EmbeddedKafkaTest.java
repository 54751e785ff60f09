package io.espalier.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EmbeddedKafkaTest {

    @Test
    void keepsWhatItWasSentOverARestart() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Map.of())) {
            String topic = kafka.newTopic();
            send(kafka.bootstrap(), topic, "before");
            kafka.stop();
            kafka.restart();
            send(kafka.bootstrap(), topic, "after");
            assertThat(received(kafka.bootstrap(), topic, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void topicsHaveNamesOfTheirOwn() {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        assertThat(kafka.newTopic()).isNotEqualTo(kafka.newTopic());
        assertThat(EmbeddedKafka.shared()).isSameAs(kafka);
    }

    private static void send(String bootstrap, String topic, String value) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", value)).get(60, TimeUnit.SECONDS);
        }
    }

    private static List<String> received(String bootstrap, String topic, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new java.util.ArrayList<>();
            while (values.size() < count) {
                StreamSupport.stream(consumer.poll(Duration.ofMillis(100)).spliterator(), false)
                        .forEach(each -> values.add(each.value()));
            }
            return values;
        }
    }
}
