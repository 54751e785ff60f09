package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.contract.AdapterContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.DequantizeOptionsT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.Padding;

/** The adapter keeps the contract of adapters. */
class TfliteContractTest extends AdapterContract {

    @Override
    protected FrameworkAdapter adapter() {
        return new TfliteAdapter();
    }

    @Override
    protected List<Path> models(Path target) throws IOException {
        return List.of(
                Files.write(target.resolve("floats.tflite"), floats()),
                Files.write(target.resolve("halves.tflite"), halves()),
                Files.write(target.resolve("weights8.tflite"), dynamicRange()));
    }

    private static byte[] floats() {
        TestingTflite model = new TestingTflite(21);
        TestingLayers layers = new TestingLayers(model);
        model.metadata("min_runtime_version", "1.5.0\0\0\0".getBytes(StandardCharsets.UTF_8));
        model.metadata("packed", new byte[] {1, 2, 3, -4});
        int stem = layers.conv(model.input(1, 8, 8, 3), 8);
        int deep = layers.depthwise(stem, 1, 3, 1, Padding.SAME, ActivationFunctionType.RELU6);
        int joined = layers.concat(3, stem, layers.conv(deep, 6));
        // No operands that count: the file has no place for the names that new ones get.
        return model.bytes(layers.dense(layers.mean(joined), 5, ActivationFunctionType.NONE));
    }

    private static byte[] halves() {
        TestingTflite model = new TestingTflite(22);
        TestingLayers layers = new TestingLayers(model);
        int weights = model.operator(
                BuiltinOperator.DEQUANTIZE, new DequantizeOptionsT(), new int[] {model.halves(8, 3, 3, 3)}, 8, 3, 3, 3);
        int stem = layers.convolve(
                model.input(1, 8, 8, 3), weights, model.weights(8), 1, Padding.SAME, ActivationFunctionType.RELU);
        return model.bytes(layers.dense(layers.mean(stem), 4, ActivationFunctionType.NONE));
    }

    private static byte[] dynamicRange() {
        TestingTflite model = new TestingTflite(23);
        TestingLayers layers = new TestingLayers(model);
        int weights = model.quantised(0, 0.01, 8, 3, 3, 3);
        int stem = layers.convolve(
                model.input(1, 8, 8, 3), weights, model.weights(8), 1, Padding.SAME, ActivationFunctionType.RELU);
        return model.bytes(layers.dense(layers.mean(stem), 4, ActivationFunctionType.NONE));
    }

    @Override
    protected List<Edit> edits(Path file, Graph graph) {
        Shapes shapes = Operators.standard().infer(graph);
        Coupling coupling = CouplingAnalysis.analyse(graph, shapes, Operators.standard());
        var gone = Groups.of(coupling, each -> each).stream()
                .flatMap(group -> group.channels().subList(1, 3).stream())
                .toList();
        return Surgery.prune(graph, shapes, coupling, Removal.of(gone)).edits();
    }

    /** Kernels that scale what they see to integers differ from the neutral graph by their rounding. */
    @Override
    protected double tolerance(Path file) {
        return file.getFileName().toString().startsWith("weights8") ? 2e-2 : 1e-4;
    }

    @Override
    protected void compareNatively(Path before, Path after, List<Edit> edits) {
        NativeModel one = TestingFiles.decode(before);
        NativeModel other = TestingFiles.decode(after);
        assertThat(other.description()).isEqualTo(one.description());
        assertThat(other.signatures()).hasSameSizeAs(one.signatures());
        assertThat(TestingFiles.operators(after)).isEqualTo(TestingFiles.operators(before));
        OperatorT[] operators = one.subgraphs().get(0).getOperators();
        for (int i = 0; i < operators.length; i++) {
            OperatorT written = other.subgraphs().get(0).getOperators()[i];
            assertThat(written.getInputs()).isEqualTo(operators[i].getInputs());
            assertThat(written.getOutputs()).isEqualTo(operators[i].getOutputs());
            assertThat(written.getCustomOptions()).isEqualTo(operators[i].getCustomOptions());
        }
        assertThat(TestingFiles.unaligned(after)).isEmpty();
    }
}
