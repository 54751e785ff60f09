package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.dist.Launcher.Result;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metric that is an ONNX file, given on the command line. */
class MetricFileTest {

    private static final int USAGE = 2;
    private static final int FAILED = 1;
    private static final long INT64 = 7;
    private static final long FLOAT = 1;

    @TempDir
    private static Path folder;

    private static Path metric;

    /** The share of examples whose largest output is not their label. */
    @BeforeAll
    static void writeMetric() throws IOException {
        metric = folder.resolve("error-rate.onnx");
        write("logits", metric);
    }

    private static void write(String output, Path file) throws IOException {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        Dimension rows = new Dimension.Symbol("n");
        inputs.put(
                output, new ValueType(DataType.FLOAT32, Optional.of(List.of(rows, new Dimension.Symbol("classes")))));
        inputs.put("label", new ValueType(DataType.INT64, Optional.of(List.of(rows))));
        Graph graph = new Graph(
                "error-rate",
                inputs,
                List.of("rate"),
                List.of(
                        node("ArgMax", List.of(output), "guess", Map.of("axis", 1L, "keepdims", 0L)),
                        node("Cast", List.of("label"), "class", Map.of("to", INT64)),
                        node("Equal", List.of("guess", "class"), "right", Map.of()),
                        node("Not", List.of("right"), "wrong", Map.of()),
                        node("Cast", List.of("wrong"), "errors", Map.of("to", FLOAT)),
                        node("ReduceMean", List.of("errors"), "rate", Map.of("keepdims", 0L))),
                Map.of(),
                Map.of());
        new ModelWriter(1000).write(GraphEncoder.encode(graph), Optional.empty(), file);
    }

    private static Node node(String operator, List<String> inputs, String output, Map<String, Long> numbers) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        numbers.forEach((name, value) -> attributes.put(name, new Attribute.Int(value)));
        return Node.of(operator, inputs, List.of(output), attributes);
    }

    @Test
    @DisplayName("It measures the original and the pruned model, and agrees with the metric that does the same")
    void measures() throws IOException {
        JsonNode byFile = report("--metric", metric, "--metric-option", "better=lower");
        JsonNode accuracy = report("--metric", "top-1");

        assertThat(byFile.at("/original/metric/name").asText()).contains("error-rate.onnx");
        for (String model : List.of("original", "pruned")) {
            assertThat(byFile.at("/" + model + "/metric/value").asDouble())
                    .as("%s: %s", model, byFile)
                    .isCloseTo(1 - accuracy.at("/" + model + "/accuracy").asDouble(), within(1e-6));
        }
        assertThat(byFile.at("/original/metric/value").asDouble())
                .isLessThan(byFile.at("/pruned/metric/value").asDouble());
    }

    @Test
    @DisplayName("It is shown under its name")
    void shown() {
        Result result = prune("--metric", metric, "--metric-option", "better=lower");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("error-rate.onnx");
    }

    @Test
    @DisplayName("What it needs and nobody has is named; without a direction it is refused")
    void refused() throws IOException {
        Path foreign = folder.resolve("foreign.onnx");
        write("scores", foreign);

        Result lacking = prune("--metric", foreign, "--metric-option", "better=lower");
        Result missing = prune("--metric", folder.resolve("none.onnx"));

        assertThat(lacking.exitCode()).as(lacking.err()).isEqualTo(FAILED);
        assertThat(lacking.err()).contains("foreign.onnx", "'scores'", "neither an output of the model");
        assertThat(missing.exitCode()).as(missing.err()).isIn(USAGE, FAILED);
        assertThat(missing.err()).contains("none.onnx");
    }

    private static JsonNode report(Object... metric) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(metric));
        arguments.add("--json");
        Result result = prune(arguments.toArray());
        assertThat(result.exitCode()).as(result.err()).isZero();
        return new ObjectMapper().readTree(result.out());
    }

    private static Result prune(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "prune",
                Launcher.example("fashion-resnet20.onnx"),
                "--target",
                "macs=50%",
                "--data",
                Launcher.example("fashion-mnist-calibration.npz"),
                "--no-latency",
                "-o",
                folder.resolve("pruned.onnx")));
        arguments.addAll(List.of(more));
        return new Launcher(folder).run(arguments.toArray());
    }
}
