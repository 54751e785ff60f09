package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The monitor and the meters of a run, as processes of their own. */
@Timeout(240)
class MonitorEndToEndTest {

    private static final Path MODEL = Launcher.example("fashion-resnet20.onnx");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A fleet on Kafka: one process shows and measures runs of others, and ends in order")
    void fleet() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        String topic = kafka.newTopic();
        for (String name : new String[] {"one", "two"}) {
            Result run = prune(name, "--kafka", kafka.bootstrap(), "--topic", topic, "--events", "required");
            assertThat(run.exitCode()).as(run.err()).isZero();
        }

        try (Served monitor =
                new Served(folder, "monitor", "--kafka", kafka.bootstrap(), "--topic", topic, "--port", "0")) {
            monitor.await(
                    "metrics", "pruning_run_seconds_count{adapter=\"onnx\",criterion=\"l2\",outcome=\"proved\"} 2");
            assertThat(monitor.get("api/runs")).contains("\"total\":2", "\"outcome\":\"proved\"");
            assertThat(monitor.get("")).contains("Espalier");
        }
    }

    @Test
    @DisplayName("A folder of journals: a run is shown that begins after the monitor did")
    void journals() throws Exception {
        try (Served monitor = new Served(folder, "monitor", "--journal", folder, "--port", "0")) {
            assertThat(monitor.get("api/runs")).contains("\"total\":0");
            Result run = prune("late");
            assertThat(run.exitCode()).as(run.err()).isZero();
            monitor.await("api/runs", "\"state\":\"finished\"");
        }
    }

    @Test
    @DisplayName("A run serves its meters while it runs, says where, and leaves them in a file")
    void metrics() throws Exception {
        Path file = folder.resolve("run.prom");
        Result run = prune("run", "--metrics-port", "0", "--metrics-file", file);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).containsPattern("meters at http://127\\.0\\.0\\.1:\\d+/metrics");
        assertThat(Files.readString(file))
                .contains("pruning_run_seconds_count{adapter=\"onnx\",criterion=\"l2\",outcome=\"proved\"} 1")
                .doesNotContain("resnet", "conv");
    }

    @Test
    @DisplayName("A port that is taken, a folder that is not there and no source at all are a sentence each")
    void refused() throws Exception {
        try (Served monitor = new Served(folder, "monitor", "--journal", folder, "--port", "0")) {
            Result taken = new Launcher(folder)
                    .run("monitor", "--journal", folder, "--port", Integer.toString(monitor.port()));
            assertThat(taken.exitCode()).isEqualTo(1);
            assertThat(taken.err()).contains("nothing can listen at 127.0.0.1").doesNotContain("Exception:");
        }
        assertThat(new Launcher(folder).run("monitor").exitCode()).isEqualTo(2);
        assertThat(new Launcher(folder).run("monitor", "--journal", "nowhere").err())
                .contains("does not exist");
        assertThat(prune("x", "--metrics-file", folder.resolve("no/such/file")).exitCode())
                .isEqualTo(2);
        assertThat(prune("x", "--metrics-port", "70000").exitCode()).isEqualTo(2);
        assertThat(prune("x", "--metrics-host", "0.0.0.0").exitCode()).isEqualTo(2);
    }

    private Result prune(String name, Object... more) {
        Object[] command = new Object[7 + more.length];
        Object[] begin = {"prune", MODEL, "--target", "macs=70%", "--no-latency", "-o", folder.resolve(name + ".onnx")};
        System.arraycopy(begin, 0, command, 0, begin.length);
        System.arraycopy(more, 0, command, begin.length, more.length);
        return new Launcher(folder).run(command);
    }
}
