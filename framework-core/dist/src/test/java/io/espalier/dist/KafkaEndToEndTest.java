package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.dist.Launcher.Result;
import io.espalier.events.JournalReader;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The assembled folder and a real broker. */
@Timeout(300)
class KafkaEndToEndTest {

    private static final int UNDELIVERED = 6;
    private static final String LOGIN = "kafka.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule"
            + " required username=\"me\" password=\"never-to-be-seen\";";

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The events of a run that must arrive are on Kafka when it ends, the same as in its journal")
    void required() throws IOException {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        String topic = kafka.newTopic();

        Result run = prune("--kafka", kafka.bootstrap(), "--topic", topic, "--events", "required", "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        Path journal = folder.resolve("small.onnx.events");
        int events = JournalReader.read(journal).events().size();
        assertThat(new ObjectMapper().readTree(run.out()).at("/kafka/delivered").asInt())
                .isEqualTo(events);
        Result fromKafka = new Launcher(folder).run("events", "export", "--kafka", kafka.bootstrap(), "--topic", topic);
        assertThat(fromKafka.out())
                .isEqualTo(new Launcher(folder).run("events", "export", journal).out())
                .hasLineCount(events);
    }

    @Test
    @DisplayName(
            "With a broker that hangs the run succeeds, says what is only on disk, and the command it names sends it")
    void hungThenReplayed() throws IOException {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        String topic = kafka.newTopic();
        Result run;
        try (ServerSocket hung = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String bootstrap = "localhost:" + hung.getLocalPort();
            run = prune("--kafka", bootstrap, "--topic", topic, "--events-drain", "0.5");
            int events = JournalReader.read(folder.resolve("small.onnx.events"))
                    .events()
                    .size();

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err())
                    .contains(events + " of " + events + " events are only in the journal small.onnx.events")
                    .contains("Send them with: espalier events replay small.onnx.events --kafka " + bootstrap
                            + " --topic " + topic);
        }
        List<String> command = new ArrayList<>(Arrays.asList(run.err()
                .strip()
                .replaceAll("(?s).*Send them with: espalier ", "")
                .split(" ")));
        command.set(command.indexOf("--kafka") + 1, kafka.bootstrap());

        Result replay = new Launcher(folder).run(command.toArray());

        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(replay.out()).contains("events of the journal are on Kafka");
    }

    @Test
    @DisplayName("When events must arrive and no broker is there, nothing is done; what logs in is never written down")
    void requiredWithoutBroker() throws IOException {
        Path config = Files.writeString(folder.resolve("kafka.properties"), LOGIN + "\n");
        Result required = prune("--kafka", "localhost:1", "--kafka-config", config, "--events", "required");

        assertThat(required.exitCode()).isEqualTo(UNDELIVERED);
        assertThat(required.err()).contains("nothing listens there; nothing was done, because --events=required");
        assertThat(files()).containsExactly(config);

        Result run = prune("--kafka", "localhost:1", "--kafka-config", config, "--events-drain", "0", "-v");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out() + run.err()).doesNotContain("never-to-be-seen");
        for (Path file : files()) {
            if (!file.equals(config)) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain("never-to-be-seen");
            }
        }
    }

    @Test
    @DisplayName("A run without Kafka loads none of its classes")
    void notLoaded() {
        Result run = new Launcher(folder).jvm("-Xlog:class+load").run(arguments());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("io.espalier.cli.PruneCommand").doesNotContain("org.apache.kafka");
    }

    private Result prune(Object... more) {
        return new Launcher(folder)
                .run(Stream.concat(Stream.of(arguments()), Stream.of(more)).toArray());
    }

    private static Object[] arguments() {
        return new Object[] {
            "prune",
            Launcher.example("fashion-resnet20.onnx"),
            "--target",
            "macs=80%",
            "--no-latency",
            "-o",
            "small.onnx"
        };
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
