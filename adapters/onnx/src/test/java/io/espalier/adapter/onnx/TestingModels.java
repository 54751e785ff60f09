package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.RealModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The real networks of this module's tests, and inputs for them. */
final class TestingModels {

    private TestingModels() {}

    /** The networks and data in {@code docs/examples}. */
    static Path examples() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("docs/examples"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs/examples");
    }

    /** Every real network; those out of jars are copied to a folder. */
    static List<Path> all(Path folder) {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("resnet20", "resnet20-untrained", "mobilenet", "vit")) {
            files.add(examples().resolve("fashion-" + name + ".onnx"));
        }
        files.add(RealModels.copy(RealModels.MINILM, folder));
        files.add(RealModels.copy(RealModels.MINILM_INT8, folder));
        RealModels.PP_OCR.forEach(name -> files.add(RealModels.copy(name, folder)));
        return files;
    }

    /** Seeded inputs for a network; undeclared extents become small numbers that its topology accepts. */
    static Map<String, Tensor> inputs(Graph graph, Path file, long seed) {
        Random random = new Random(seed);
        // The networks that read a line of text squeeze its height, which must be theirs.
        long height = file.toString().contains("_rec_") ? 48 : 96;
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> inputs.put(name, random(type, height, random)));
        return inputs;
    }

    private static Tensor random(ValueType type, long height, Random random) {
        List<Long> shape = new ArrayList<>();
        List<Dimension> declared = type.shape().orElseThrow();
        for (int axis = 0; axis < declared.size(); axis++) {
            long otherwise = declared.size() == 4 ? List.of(2L, 3L, height, 96L).get(axis) : axis == 0 ? 2 : 7;
            shape.add(declared.get(axis) instanceof Dimension.Fixed fixed ? fixed.extent() : otherwise);
        }
        return random(type.type(), shape, random);
    }

    /** A tensor of seeded numbers: normally distributed, or small integers. */
    static Tensor random(DataType type, List<Long> shape, Random random) {
        double[] values = new double[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case BOOL -> random.nextInt(2);
                case INT8, INT16, INT32, INT64 -> random.nextInt(2);
                case UINT8, UINT16, UINT32, UINT64 -> random.nextInt(100);
                default -> random.nextGaussian();
            };
        }
        return Tensors.fromDoubles(type, shape, values);
    }

    /** Asserts that two sets of outputs are equal up to rounding. */
    static void assertClose(Map<String, Tensor> actual, Map<String, Tensor> expected, double tolerance) {
        assertThat(actual.size()).isEqualTo(expected.size());
        List<Tensor> actualValues = List.copyOf(actual.values());
        List<Tensor> expectedValues = List.copyOf(expected.values());
        for (int i = 0; i < actualValues.size(); i++) {
            assertThat(actualValues.get(i).type())
                    .isEqualTo(expectedValues.get(i).type());
            assertThat(actualValues.get(i).shape())
                    .isEqualTo(expectedValues.get(i).shape());
            double[] a = Tensors.toDoubles(actualValues.get(i));
            double[] b = Tensors.toDoubles(expectedValues.get(i));
            double largest = 0;
            double difference = 0;
            for (int j = 0; j < a.length; j++) {
                if (Double.isNaN(a[j]) != Double.isNaN(b[j])) {
                    difference = Double.POSITIVE_INFINITY;
                } else if (a[j] != b[j] && !Double.isNaN(a[j])) {
                    difference = Math.max(difference, Math.abs(a[j] - b[j]));
                    largest = Math.max(largest, Math.abs(b[j]));
                }
            }
            assertThat(difference)
                    .as("difference of output %d", i)
                    .isLessThanOrEqualTo(tolerance * Math.max(largest, 1e-3));
        }
    }
}
