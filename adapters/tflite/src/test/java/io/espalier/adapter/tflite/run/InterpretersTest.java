package io.espalier.adapter.tflite.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.tflite.store.Payload;
import io.espalier.spi.BudgetException;
import io.espalier.spi.execution.CrashException;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The processes of the interpreter: what ends them, and what does not. */
class InterpretersTest {

    private static final Tensor IMAGE = Tensors.floats(List.of(1L, 32L, 32L, 3L), new float[32 * 32 * 3]);

    private static Path network() throws URISyntaxException {
        return Path.of(InterpretersTest.class
                .getResource("/networks/mobilenet-v1.float.tflite")
                .toURI());
    }

    private static Payload honest() throws IOException, URISyntaxException {
        return Payload.of(ByteBuffer.wrap(Files.readAllBytes(network())));
    }

    /** Offsets that lead far out of the file, which the adapter refuses and the interpreter follows. */
    private static Payload fatal() throws IOException, URISyntaxException {
        byte[] bytes = Files.readAllBytes(network());
        ByteBuffer.wrap(bytes).putInt(0, 0x7FFFFF00);
        return Payload.of(ByteBuffer.wrap(bytes));
    }

    private static Runner load(Interpreters interpreters, Payload model) {
        return interpreters.open(model, List.of("x"), List.of("y"));
    }

    @Test
    @DisplayName("A model that ends its process is reported, and the next one runs")
    void crash() throws IOException, URISyntaxException {
        try (Interpreters interpreters = new Interpreters()) {
            Payload fatal = fatal();
            assertThatThrownBy(() -> load(interpreters, fatal)).isInstanceOf(CrashException.class);
            try (Runner runner = load(interpreters, honest())) {
                assertThat(runner.run(Map.of("x", IMAGE))).containsOnlyKeys("y");
                assertThat(runner.time(Map.of("x", IMAGE))).isPositive();
            }
        }
    }

    @Test
    @DisplayName("What the interpreter refuses has its reason, and the process remains")
    void refusal() throws IOException, URISyntaxException {
        try (Interpreters interpreters = new Interpreters();
                Runner runner = load(interpreters, honest())) {
            Tensor wrong = Tensors.floats(List.of(1L, 3L), new float[3]);
            assertThatThrownBy(() -> runner.run(Map.of("x", wrong)))
                    .isExactlyInstanceOf(ExecutionException.class)
                    .hasMessageContaining("refuses these extents (");
            assertThat(runner.run(Map.of("x", IMAGE))).containsOnlyKeys("y");
        }
    }

    @Test
    @DisplayName("A process that does not answer is ended")
    void late() {
        try (InterpreterProcess process = InterpreterProcess.start(1)) {
            assertThatThrownBy(() -> process.ask(pipe -> pipe.send(Pipe.Request.LOAD.ordinal(), 100), pipe -> 0))
                    .isInstanceOf(BudgetException.class)
                    .hasMessageContaining("more than 1 seconds");
            assertThat(process.isAlive()).isFalse();
        }
    }

    @Test
    @DisplayName("The process ends with its parent, however that ends")
    void orphan() throws IOException, InterruptedException, URISyntaxException {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestingParent.class.getName(),
                        network().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
            Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(out.readLine()));
            parent.destroyForcibly();
            child.ifPresent(each ->
                    assertThat(each.onExit().orTimeout(60, TimeUnit.SECONDS)).succeedsWithin(60, TimeUnit.SECONDS));
        }
    }

    @Test
    @DisplayName("No process remains when the interpreters are closed")
    void closed() throws IOException, URISyntaxException {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        try (Interpreters interpreters = new Interpreters()) {
            load(interpreters, honest()).close();
            assertThat(ProcessHandle.current().children().count()).isGreaterThan(before.size());
        }
        assertThat(ProcessHandle.current().children().filter(each -> !before.contains(each)))
                .isEmpty();
    }
}
