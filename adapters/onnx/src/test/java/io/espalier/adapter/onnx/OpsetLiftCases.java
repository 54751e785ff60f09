package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;

import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
