package io.espalier.adapter.tflite.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.tflite.TestingDamage;
import io.espalier.adapter.tflite.lift.GraphLifter;
import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.NativeTypes;
import io.espalier.adapter.tflite.store.Payload;
import io.espalier.adapter.tflite.store.TfliteFile;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.execution.CrashException;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;

/** Damaged networks are refused, or run, or crash in a process of their own. {@code -Despalier.mutants=N} for more of them. */
class DamagedTablesTest {

    private static final int MUTANTS = Integer.getInteger("espalier.mutants", 300);
    private static final long FIRST = Long.getLong("espalier.seed", 1);
    private static final long LARGEST = 1 << 22;

    @TempDir
    Path folder;

    @Test
    @DisplayName("Every damaged network ends in a way that is documented")
    void documented() throws IOException, URISyntaxException {
        List<Path> networks = networks();
        Map<String, Integer> outcomes = new TreeMap<>();
        try (Interpreters interpreters = new Interpreters()) {
            for (long seed = FIRST; seed < FIRST + MUTANTS; seed++) {
                Path network = networks.get((int) (seed % networks.size()));
                String outcome;
                Path file = Files.write(folder.resolve("damaged.tflite"), damaged(network, seed));
                try {
                    outcome = outcome(file, interpreters);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("seed " + seed + ", " + network.getFileName(), e);
                }
                if (outcome.startsWith("crash")) {
                    System.out.println("seed " + seed + ", " + network.getFileName() + ": " + outcome);
                }
                outcomes.merge(outcome.split(":")[0], 1, Integer::sum);
            }
        }
        System.out.println(outcomes);
        assertThat(outcomes.get("refused")).isGreaterThan(MUTANTS / 10);
    }

    private static List<Path> networks() throws IOException, URISyntaxException {
        Path folder = Path.of(DamagedTablesTest.class.getResource("/networks").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static byte[] damaged(Path network, long seed) throws IOException {
        if (seed % 4 == 0) {
            return TestingDamage.bytes(Files.readAllBytes(network), seed);
        }
        try (TfliteFile file = TfliteFile.open(network)) {
            NativeModel model = file.decode();
            return TestingDamage.tables(model, seed);
        }
    }

    private static String outcome(Path path, Interpreters interpreters) {
        try (TfliteFile file = TfliteFile.open(path)) {
            NativeModel model = file.decode();
            GraphLifter.lift(path, model);
            SubGraphT graph = model.subgraphs().get(0);
            Map<String, Tensor> inputs = inputs(graph);
            List<String> outputs = IntStream.range(0, graph.getOutputs().length)
                    .mapToObj(Integer::toString)
                    .toList();
            try (Runner runner =
                    interpreters.open(Payload.of(file.content().bytes()), List.copyOf(inputs.keySet()), outputs)) {
                runner.run(inputs);
                return "ran";
            }
        } catch (InvalidInputException e) {
            assertThat(e).hasMessageContaining("damaged.tflite");
            return "refused";
        } catch (CrashException e) {
            return "crash: " + e.getMessage();
        } catch (ExecutionException e) {
            return "refused by the interpreter";
        }
    }

    private static Map<String, Tensor> inputs(SubGraphT graph) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int input : graph.getInputs()) {
            TensorT tensor = graph.getTensors()[input];
            DataType type = NativeTypes.of(tensor.getType()).orElse(DataType.FLOAT32);
            List<Long> shape = tensor.getShape() == null
                    ? List.of()
                    : Arrays.stream(tensor.getShape()).asLongStream().boxed().toList();
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            if (elements > LARGEST) {
                throw new InvalidInputException("an input of damaged.tflite is too large for this test");
            }
            inputs.put(
                    Integer.toString(inputs.size()),
                    Tensors.of(type, shape, ByteBuffer.allocate((int) elements * type.bytes())));
        }
        return inputs;
    }
}
