package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.adapter.GraphExecutor;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.adapter.Runner;
import io.espalier.spi.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
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
        return each(file -> {
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

    private Stream<DynamicTest> each(Check check) {
        return TestingModels.all(folder).stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check.accept(file)));
    }

    private interface Check {
        void accept(Path file) throws Exception;
    }
}
