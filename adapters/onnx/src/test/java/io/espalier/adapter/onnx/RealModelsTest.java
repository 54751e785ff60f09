package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.RealModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class RealModelsTest {

    private static final long SEED = 20261122;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> writesBackTheSameBytesWithoutEdits() {
        return each(file -> {
            Path copy = folder.resolve("copy.onnx");
            try (Model model = new OnnxAdapter().open(file)) {
                model.write(copy, List.of(), Map.of());
                assertThat(Files.mismatch(copy, file)).isEqualTo(-1L);
                assertThat(model.byteSize()).isEqualTo(Files.size(file));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> liftedGraphComputesTheSame() {
        // What is quantised while it runs is lifted without that rounding.
        return each(file -> !isQuantised(file), file -> {
            try (Model model = new OnnxAdapter().open(file)) {
                Map<String, Tensor> inputs = TestingModels.inputs(model.graph(), file, SEED);
                Map<String, Tensor> expected;
                try (Runner runner = model.runner()) {
                    expected = runner.run(inputs);
                }
                try (Runner runner = new OnnxExecutor().prepare(model.graph(), GraphExecutor.Settings.DEFAULT)) {
                    TestingModels.assertClose(runner.run(inputs), expected, 1e-5);
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> slicesLeaveEverythingElseAlone() {
        return each(file -> {
            Path target = folder.resolve("sliced.onnx");
            Map<String, Tensor> expected = new LinkedHashMap<>();
            try (Model model = new OnnxAdapter().open(file)) {
                expected.putAll(model.graph().constants());
                List<String> largest = expected.keySet().stream()
                        .filter(name -> !expected.get(name).shape().isEmpty())
                        .sorted(Comparator.comparingLong(
                                (String name) -> -expected.get(name).byteSize()))
                        .limit(5)
                        .toList();
                List<Edit> edits = new ArrayList<>();
                for (String name : largest) {
                    int axis = expected.get(name).shape().size() - 1;
                    int[] even = IntStream.range(
                                    0, (int) (long) expected.get(name).shape().get(axis))
                            .filter(i -> i % 2 == 0)
                            .toArray();
                    edits.add(new Edit.Keep(name, axis, even));
                    expected.put(name, Tensors.sliced(expected.get(name), axis, even));
                }
                model.write(target, edits, Map.of("espalier.test", "sliced"));
                try (Model sliced = new OnnxAdapter().open(target)) {
                    assertThat(sliced.graph().constants().keySet()).isEqualTo(expected.keySet());
                    sliced.graph().constants().forEach((name, tensor) -> {
                        assertThat(tensor.shape()).isEqualTo(expected.get(name).shape());
                        assertThat(Tensors.toBytes(tensor)).isEqualTo(Tensors.toBytes(expected.get(name)));
                    });
                    assertThat(sliced.graph().nodes())
                            .hasSameSizeAs(model.graph().nodes());
                    assertThat(sliced.metadata()).containsEntry("espalier.test", "sliced");
                }
            }
        });
    }

    private static boolean isQuantised(Path file) {
        return file.endsWith(RealModels.MINILM_INT8);
    }

    @Test
    void whatIsQuantisedWhileItRunsIsLiftedWithoutThatRounding() {
        Random random = new Random(SEED);
        List<Long> shape = List.of(2L, 7L);
        Map<String, Tensor> inputs = Map.of(
                "input_ids", Tensors.longs(shape, random.longs(14, 0, 30000).toArray()),
                "attention_mask",
                        Tensors.longs(
                                shape, LongStream.generate(() -> 1).limit(14).toArray()),
                "token_type_ids", Tensors.longs(shape, new long[14]));
        try (Model exact = new OnnxAdapter().open(RealModels.copy(RealModels.MINILM, folder));
                Model quantised = new OnnxAdapter().open(RealModels.copy(RealModels.MINILM_INT8, folder));
                Runner one = exact.runner();
                Runner other = quantised.runner();
                Runner lifted = new OnnxExecutor().prepare(quantised.graph(), GraphExecutor.Settings.DEFAULT)) {
            Map<String, Tensor> expected = one.run(inputs);
            assertThat(distance(lifted.run(inputs), expected)).isLessThan(0.75 * distance(other.run(inputs), expected));
        }
    }

    private static double distance(Map<String, Tensor> one, Map<String, Tensor> other) {
        double[] a = Tensors.toDoubles(one.values().iterator().next());
        double[] b = Tensors.toDoubles(other.values().iterator().next());
        return IntStream.range(0, a.length)
                .mapToDouble(i -> Math.abs(a[i] - b[i]))
                .average()
                .orElseThrow();
    }

    private Stream<DynamicTest> each(Check check) {
        return each(file -> true, check);
    }

    private Stream<DynamicTest> each(Predicate<Path> chosen, Check check) {
        return TestingModels.all(folder).stream()
                .filter(chosen)
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check.accept(file)));
    }

    private interface Check {
        void accept(Path file) throws Exception;
    }
}
