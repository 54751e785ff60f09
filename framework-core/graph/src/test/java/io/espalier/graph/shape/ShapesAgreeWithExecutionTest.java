package io.espalier.graph.shape;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.testkit.RealModels;
import io.espalier.testkit.model.HardCases;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.RandomInputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every value of every network has an inferred shape, and at two assignments it is the shape onnxruntime computes. */
class ShapesAgreeWithExecutionTest {

    @TempDir
    private static Path folder;

    @TestFactory
    Stream<DynamicTest> exampleNetworks() {
        return Stream.of("fashion-resnet20", "fashion-mobilenet", "fashion-vit")
                .map(name -> dynamicTest(name, () -> checkFile(examples().resolve(name + ".onnx"))));
    }

    @TestFactory
    Stream<DynamicTest> sentenceEmbedders() {
        return Stream.of(RealModels.MINILM, RealModels.MINILM_INT8)
                .map(name -> dynamicTest(name, () -> checkFile(RealModels.copy(name, folder))));
    }

    @TestFactory
    Stream<DynamicTest> textReaders() {
        return RealModels.PP_OCR.stream()
                .map(name -> dynamicTest(name, () -> checkFile(RealModels.copy(name, folder))));
    }

    @TestFactory
    Stream<DynamicTest> builtNetworks() {
        return Networks.small().entrySet().stream()
                .map(entry -> dynamicTest(
                        entry.getKey(), () -> checkBuilt(entry.getValue().apply(1))));
    }

    @TestFactory
    Stream<DynamicTest> hardCases() {
        return HardCases.all().stream().map(hard -> dynamicTest(hard.name(), () -> checkBuilt(hard.graph())));
    }

    @TestFactory
    Stream<DynamicTest> randomNetworks() {
        return LongStream.range(0, 100)
                .mapToObj(seed -> dynamicTest(
                        "seed " + seed,
                        () -> checkBuilt(RandomGraphs.exotic(seed).graph())));
    }

    private static void checkBuilt(Graph graph) {
        check(graph, List.of(RandomInputs.FIRST.of(graph, 1), RandomInputs.SECOND.of(graph, 2)));
    }

    private static void checkFile(Path file) {
        // Networks that read a line of text squeeze its height, which must be theirs.
        long height = file.toString().contains("_rec_") ? 48 : 96;
        try (Model model = new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard()))) {
            Graph graph = model.graph();
            check(
                    graph,
                    List.of(
                            inputs(graph, List.of(2L, 3L, height, 64L), 5),
                            inputs(graph, List.of(1L, 3L, height, 96L), 7)));
        }
    }

    private static void check(Graph graph, List<Map<String, Tensor>> assignments) {
        ExecutedShapes executed = new ExecutedShapes(graph);
        executed.checkComplete();
        assignments.forEach(executed::check);
    }

    /** Seeded inputs; extents the file leaves open are those of an image, or of some sentences of equal length. */
    private static Map<String, Tensor> inputs(Graph graph, List<Long> image, long words) {
        List<Long> text = List.of(image.get(0), words);
        Map<String, Long> extents = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Dimension> declared = type.shape().orElseThrow();
            List<Long> chosen = declared.size() == 4 ? image : text;
            for (int axis = 0; axis < declared.size(); axis++) {
                extents.put(ExecutedShapes.symbol(name, axis, declared.get(axis)), chosen.get(axis));
            }
        });
        return ExecutedShapes.inputs(graph, extents);
    }

    private static Path examples() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("docs/examples"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs/examples");
    }
}
