package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.RealModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Edits that add and remove nodes: the file is what they say. */
class NodeEditsTest {

    private static final List<Integer> OPSETS = List.of(7, 9, 11, 13, 17, 21);
    private static final int SEEDS = 25;

    @TempDir
    Path folder;

    private final Map<TestingNodeEdits.Kind, Integer> made = new EnumMap<>(TestingNodeEdits.Kind.class);

    @TestFactory
    Stream<DynamicTest> theFileIsWhatTheEditsSay() {
        Stream<DynamicTest> seeded = OPSETS.stream()
                .flatMap(opset -> LongStream.range(0, SEEDS)
                        .mapToObj(seed -> DynamicTest.dynamicTest(
                                "opset " + opset + ", seed " + seed, () -> edited(opset, seed))));
        DynamicTest all = DynamicTest.dynamicTest("every kind of edit was made often", () -> {
            for (TestingNodeEdits.Kind kind : TestingNodeEdits.Kind.values()) {
                assertThat(made.getOrDefault(kind, 0)).as(kind.name()).isGreaterThan(15);
            }
        });
        return Stream.concat(seeded, Stream.of(all));
    }

    private void edited(int opset, long seed) {
        Path file = TestingNodeEdits.network(opset, seed).save(folder.resolve("model.onnx"));
        Path target = folder.resolve("edited.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            TestingNodeEdits edits = TestingNodeEdits.of(model.graph(), seed);
            edits.kinds().forEach(kind -> made.merge(kind, 1, Integer::sum));
            Graph expected = GraphEdits.apply(model.graph(), edits.edits());
            model.write(target, edits.edits(), Map.of());
            Map<String, Tensor> inputs = TestingModels.inputs(model.graph(), file, seed);
            try (Model written = new OnnxAdapter().open(target);
                    Runner natively = written.runner();
                    Runner neutrally = new OnnxExecutor().prepare(expected, GraphExecutor.Settings.PLAIN)) {
                assertSame(expected, written.graph());
                Map<String, Tensor> outputs = natively.run(inputs);
                TestingModels.assertClose(outputs, neutrally.run(inputs), 1e-5);
                if (edits.keepsMeaning()) {
                    try (Runner before = model.runner()) {
                        TestingModels.assertClose(outputs, before.run(inputs), 1e-4);
                    }
                }
            }
        }
    }

    /** Asserts that two graphs are the same but for the order of their nodes and the names of their constants. */
    private static void assertSame(Graph expected, Graph actual) {
        assertThat(actual.inputs()).isEqualTo(expected.inputs());
        assertThat(actual.outputs()).isEqualTo(expected.outputs());
        Map<String, Node> nodes = new HashMap<>();
        actual.nodes().forEach(node -> nodes.put(node.id(), node));
        assertThat(nodes.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        expected.nodes().stream().map(Node::id).toList());
        for (Node node : expected.nodes()) {
            Node other = nodes.get(node.id());
            assertThat(other.qualifiedOperator()).isEqualTo(node.qualifiedOperator());
            assertThat(other.outputs()).isEqualTo(node.outputs());
            assertThat(other.attributes()).isEqualTo(node.attributes());
            assertThat(values(actual, other)).isEqualTo(values(expected, node));
        }
    }

    /** What a node reads: constants in full, other values by name. */
    private static List<Object> values(Graph graph, Node node) {
        List<Object> values = new ArrayList<>();
        for (String input : node.inputs()) {
            Tensor constant = graph.constants().get(input);
            values.add(
                    constant == null ? input : List.of(constant.type(), constant.shape(), Tensors.toBytes(constant)));
        }
        return values;
    }

    @TestFactory
    Stream<DynamicTest> realNetworksSurviveTheExchangeOfTheirNodes() {
        return TestingModels.all(folder).stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> exchanged(file)));
    }

    private void exchanged(Path file) {
        Path target = folder.resolve("exchanged.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            List<Node> nodes = exchangeable(model.graph());
            assertThat(nodes).hasSizeGreaterThan(model.graph().nodes().size() / 2);
            List<Edit> edits = new ArrayList<>();
            nodes.forEach(node -> edits.add(new Edit.RemoveNode(node.id())));
            Collections.shuffle(nodes, new Random(1));
            nodes.forEach(node -> edits.add(new Edit.AddNode(node, Map.of())));
            if (file.endsWith(RealModels.MINILM_INT8)) {
                assertThatThrownBy(() -> model.write(target, edits, Map.of()))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("the file has other numbers for");
                return;
            }
            model.write(target, edits, Map.of());
            Map<String, Tensor> inputs = TestingModels.inputs(model.graph(), file, 1);
            try (Model written = new OnnxAdapter().open(target);
                    Runner before = model.runner();
                    Runner after = written.runner()) {
                assertSame(model.graph(), written.graph());
                TestingModels.assertClose(after.run(inputs), before.run(inputs), 1e-6);
            }
        }
    }

    /** All nodes but those that stand for an old Softmax together: no types are inferred here. */
    private static List<Node> exchangeable(Graph graph) {
        Set<String> flattened = graph.nodes().stream()
                .map(Node::id)
                .filter(id -> id.endsWith("/flat"))
                .map(id -> id.substring(0, id.length() - "/flat".length()))
                .collect(Collectors.toSet());
        return new ArrayList<>(graph.nodes().stream()
                .filter(node -> flattened.stream().noneMatch(node.id()::startsWith))
                .toList());
    }
}
