package io.espalier.engine.exported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Networks between the operators of classical machine learning: scalers, encoders, trees, labels, texts in and out. */
final class PipelinesTest {

    private static final long SEED = 20261128;
    private static final double SHARE = 0.4;

    /** Hidden units of the networks that are not the usual ones. */
    private static final Map<String, List<Integer>> UNITS = Map.of(
            "sklearn-mlp",
            List.of(16, 32),
            "i-ml-scaler",
            List.of(32),
            "rf-then-nn",
            List.of(32),
            "text-lookup",
            List.of(8, 12, 24));

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> theLiftedGraphComputesWhatTheFileComputes() {
        return each(network -> {
            Map<String, Tensor> inputs =
                    TestingInputs.of(network.graph(), network.analysis().shapes(), SEED);
            try (Runner file = network.model().runner();
                    Runner lifted = new OnnxExecutor().prepare(network.graph(), Settings.PLAIN)) {
                Map<String, Tensor> expected = file.run(inputs);
                Map<String, Tensor> found = lifted.run(inputs);
                assertThat(found.keySet()).isEqualTo(expected.keySet());
                expected.forEach((name, tensor) -> assertThat(Tensors.toDoubles(found.get(name)))
                        .as("%s, seed %d", name, SEED)
                        .containsExactly(Tensors.toDoubles(tensor), within(1e-5)));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> everyHiddenUnitCanBeRemoved() {
        return each(network -> assertThat(network.groups().stream()
                        .map(group -> group.channels().size())
                        .sorted())
                .isEqualTo(UNITS.getOrDefault(network.name(), List.of(12, 24))));
    }

    @TestFactory
    Stream<DynamicTest> aCutIsProved() {
        return each(network -> {
            Removal removal = network.random(SHARE, SEED);
            Verification verification = network.prune(removal, folder.resolve("pruned.onnx"));
            assertThat(verification.outcome())
                    .as("seed %d: %s", SEED, verification)
                    .isEqualTo(Verification.Outcome.PROVED);
        });
    }

    private interface Check {

        void on(TestingNetwork network);
    }

    private static Stream<DynamicTest> each(Check check) {
        return TestingNetwork.files("/pipelines")
                .map(file -> dynamicTest(TestingNetwork.nameOf(file), () -> {
                    try (TestingNetwork network = TestingNetwork.open(file)) {
                        check.on(network);
                    }
                }));
    }
}
