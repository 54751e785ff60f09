package io.espalier.engine.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.score.TestingCriterion;
import io.espalier.engine.verify.Verification;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Networks as people ship them lose two fifths of every group and compute what they should. */
final class RealModelsTest {

    private static final double SHARE = 0.4;
    private static final long SEED = 20261122;

    @TempDir
    private Path folder;

    private final Map<String, Function<TestingPruner, Removal>> choices = new LinkedHashMap<>();

    RealModelsTest() {
        choices.put("random", pruner -> pruner.random(SHARE, SEED));
        choices.put("l1", pruner -> pruner.lowest(SHARE, new TestingCriterion()));
    }

    @TestFactory
    Stream<DynamicTest> everyValueHasAShape() {
        return TestingFiles.prunable(folder).stream()
                .map(file -> dynamicTest(name(file), () -> {
                    try (TestingPruner pruner = TestingPruner.open(file)) {
                        assertThat(pruner.shapes.problems()).isEmpty();
                        assertThat(pruner.shapes.values())
                                .isNotEmpty()
                                .allSatisfy(value -> assertThat(pruner.shapes.shape(value))
                                        .as(value)
                                        .isPresent());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> prunedModelsVerifyAndRun() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : TestingFiles.prunable(folder)) {
            choices.forEach((name, choice) ->
                    tests.add(dynamicTest(name(file) + " by " + name, () -> checkPruned(file, choice))));
        }
        return tests.stream();
    }

    private void checkPruned(Path file, Function<TestingPruner, Removal> choice) throws IOException {
        Path target = folder.resolve("pruned.onnx");
        try (TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.groups()).isNotEmpty();
            Removal removal = choice.apply(pruner);
            pruner.write(removal, target);
            Verification verification = pruner.verify(removal, target);
            assertThat(verification.outcome())
                    .as("seed %d: %s", SEED, verification)
                    .isEqualTo(Verification.Outcome.PROVED);
            checkOutputShapes(pruner, file, target);
        }
        assertThat(Files.size(target)).isLessThan((long) (0.9 * Files.size(file)));
    }

    private static void checkOutputShapes(TestingPruner pruner, Path file, Path target) {
        Map<String, Tensor> inputs =
                TestingInputs.of(pruner.graph(), pruner.shapes, name(file).contains("_rec_"), SEED);
        try (Model pruned = new OnnxAdapter().open(target, AdapterContext.of(new OnnxAdapter(), Operators.standard()));
                Runner before = pruner.model.runner();
                Runner after = pruned.runner()) {
            assertThat(shapes(after.run(inputs))).isEqualTo(shapes(before.run(inputs)));
        }
    }

    private static Map<String, List<Long>> shapes(Map<String, Tensor> outputs) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        outputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    /** Same file, same removal: the same bytes, whatever ran before. */
    @TestFactory
    Stream<DynamicTest> theSameRemovalGivesTheSameBytes() {
        return Stream.of("resnet20", "mobilenet", "vit")
                .map(name -> dynamicTest(name, () -> {
                    Path file = TestingFiles.example(name);
                    byte[] first = prunedBytes(file, folder.resolve("first.onnx"));
                    byte[] second = prunedBytes(file, folder.resolve("second.onnx"));
                    assertThat(second).isEqualTo(first);
                }));
    }

    private byte[] prunedBytes(Path file, Path target) throws IOException {
        try (TestingPruner pruner = TestingPruner.open(file)) {
            pruner.write(pruner.lowest(SHARE, new TestingCriterion()), target);
            byte[] once = Files.readAllBytes(target);
            pruner.write(pruner.lowest(SHARE, new TestingCriterion()), target);
            assertThat(Files.readAllBytes(target)).as("written twice").isEqualTo(once);
            return once;
        }
    }
}
