package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import io.espalier.events.v1.PruningEvent;
import io.espalier.kafka.KafkaSettings;
import io.espalier.testkit.kafka.EmbeddedKafka;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/events.md shows is what works. */
@Timeout(180)
class EventsPageTest {

    private static final Path PAGE = Path.of("../../docs/events.md");
    private static final int LINES = 20;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The Java program of the page runs as shown, against a real broker")
    void javaProgram() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.shared();
        Launcher launcher = new Launcher(folder);
        assertThat(launcher.run("events", "init", "--kafka", kafka.bootstrap()).exitCode())
                .isZero();
        Result run = launcher.run(
                "prune",
                Launcher.example("fashion-resnet20.onnx"),
                "--target",
                "macs=80%",
                "--no-latency",
                "-o",
                "small.onnx",
                "--kafka",
                kafka.bootstrap(),
                "--events",
                "required");
        assertThat(run.exitCode()).as(run.err()).isZero();
        String program = block("java");
        assertThat(program.lines()).hasSizeLessThanOrEqualTo(LINES);
        Path out = folder.resolve("out");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Launcher.home().resolve("lib") + "/*" + File.pathSeparator
                                + Launcher.home().resolve("lib/kafka") + "/*",
                        Files.writeString(folder.resolve("WatchRuns.java"), program)
                                .toString(),
                        kafka.bootstrap())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            while (!Files.readString(out).contains(" MACs")) {
                assertThat(process.isAlive()).as(Files.readString(out)).isTrue();
                Thread.sleep(50);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(Files.readString(out)).containsPattern("^[0-9a-f-]{36} finished with \\d+ MACs");
    }

    @Test
    @DisplayName("The Python program of the page asks for fields and a topic that exist")
    void pythonProgram() throws IOException {
        assertThat(block("python"))
                .contains(KafkaSettings.TOPIC)
                .contains("event.run_id", "event.sequence", "run_finished.original.macs", "WhichOneof(\"payload\")");
        var event = PruningEvent.getDescriptor();
        assertThat(event.findFieldByName("run_id")).isNotNull();
        assertThat(event.findFieldByName("sequence")).isNotNull();
        assertThat(event.getOneofs().get(0).getName()).isEqualTo("payload");
        assertThat(event.findFieldByName("run_finished")
                        .getMessageType()
                        .findFieldByName("original")
                        .getMessageType()
                        .findFieldByName("macs"))
                .isNotNull();
    }

    private static String block(String language) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\n([^`]*)```").matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
