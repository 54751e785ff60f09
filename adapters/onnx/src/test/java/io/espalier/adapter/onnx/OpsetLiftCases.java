package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.GraphDifference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operators at every opset: the file as it is and the lifted graph compute the same. The tests that extend this define the
 * cases.
 */
abstract class OpsetLiftCases {

    static final long SEED = 7_24;

    /** Defines the cases with {@link #range}, {@link #forms} and {@link #at}. */
    abstract void define();

    @TempDir
    Path folder;

    private final List<Case> cases = new ArrayList<>();

    private record Case(String name, int opset, Consumer<TestingProto> build) {}

    @TestFactory
    Stream<DynamicTest> liftsToTheSameComputation() {
        define();
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(each.name() + " at opset " + each.opset(), () -> check(each)));
    }

    /** Every node is removed and added again: it returns in the form of its opset, or is refused where that has none. */
    @TestFactory
    Stream<DynamicTest> nodesAreAddedInTheFormOfTheOpset() {
        define();
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(each.name() + " at opset " + each.opset(), () -> replace(each)));
    }

    private void replace(Case each) throws IOException {
        TestingProto proto = TestingProto.opset(each.opset());
        each.build().accept(proto);
        Path file = proto.save(folder.resolve("model.onnx"));
        Path target = folder.resolve("replaced.onnx");
        Files.deleteIfExists(target);
        try (Model model = new OnnxAdapter().open(file)) {
            List<Edit> edits = new ArrayList<>();
            model.graph().nodes().forEach(node -> edits.add(new Edit.RemoveNode(node.id())));
            model.graph().nodes().forEach(node -> edits.add(new Edit.AddNode(node, Map.of())));
            try {
                model.write(target, edits, Map.of());
            } catch (InvalidInputException e) {
                assertThat(each.name()).matches("(Softmax|LogSoftmax|Hardmax) .*");
                assertThat(e)
                        .hasMessageMatching(
                                "The operator '.*max' that makes '.*' cannot be added: opset [0-9]+ of ONNX, "
                                        + "that of the file, cannot say what it does\\.");
                assertThat(target).doesNotExist();
                return;
            }
            Map<String, Tensor> inputs = inputs(model.graph());
            try (Model written = new OnnxAdapter().open(target);
                    Runner before = model.runner();
                    Runner after = written.runner()) {
                assertThat(GraphDifference.first(read(model.graph()), read(written.graph())))
                        .isEmpty();
                TestingModels.assertClose(after.run(inputs), before.run(inputs), 1e-6);
            }
        }
    }

    /** A graph without constants that nothing reads. */
    private static Graph read(Graph graph) {
        Set<String> read = new HashSet<>(graph.outputs());
        graph.nodes().forEach(node -> read.addAll(node.reads()));
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().retainAll(read);
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.nodes(), constants, graph.declared());
    }

    private void check(Case each) {
        TestingProto proto = TestingProto.opset(each.opset());
        each.build().accept(proto);
        Path file = proto.save(folder.resolve("model.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            Map<String, Tensor> inputs = inputs(model.graph());
            Map<String, Tensor> expected;
            try (Runner runner = model.runner()) {
                expected = runner.run(inputs);
            }
            try (Runner runner = new OnnxExecutor().prepare(model.graph(), GraphExecutor.Settings.PLAIN)) {
                TestingModels.assertClose(runner.run(inputs), expected, 1e-5);
            }
        }
    }

    /** Inputs of one shape, whatever is declared; tests that need others say so. */
    private static Map<String, Tensor> inputs(Graph graph) {
        Random random = new Random(SEED);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Long> shape = new ArrayList<>();
            type.shape()
                    .orElse(List.of())
                    .forEach(dimension -> shape.add(dimension instanceof Dimension.Fixed fixed ? fixed.extent() : 3L));
            if (type.shape().isEmpty()) {
                shape.addAll(List.of(2L, 3L, 4L));
            }
            inputs.put(name, TestingModels.random(type.type(), shape, random));
        });
        return inputs;
    }

    /** A case for one opset. */
    final void at(int opset, String name, Consumer<TestingProto> build) {
        cases.add(new Case(name, opset, build));
    }

    /** A case for every opset in a range. */
    final void range(String name, int first, int last, Consumer<TestingProto> build) {
        for (int opset = first; opset <= last; opset++) {
            at(opset, name, build);
        }
    }

    /** A case in an old form up to some opset and in another form from the next one on. */
    final void forms(String name, int first, int lastOld, Consumer<TestingProto> old, Consumer<TestingProto> current) {
        range(name, first, lastOld, old);
        range(name, lastOld + 1, Graph.OPSET, current);
    }

    static TestingProto x(TestingProto proto, long... dims) {
        return proto.input("x", DataType.FLOAT32, dims).output("y");
    }

    static TestingProto vector(TestingProto proto, String name, long... values) {
        return proto.constant(name, Tensors.vector(values));
    }

    static TestingProto weights(TestingProto proto, String name, long... shape) {
        return proto.constant(
                name, TestingModels.random(DataType.FLOAT32, Tensors.shape(shape), new Random(name.hashCode())));
    }
}
