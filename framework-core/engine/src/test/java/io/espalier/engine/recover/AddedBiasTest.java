package io.espalier.engine.recover;

import static io.espalier.engine.recover.TestingRefits.data;
import static io.espalier.engine.recover.TestingRefits.random;
import static io.espalier.engine.recover.TestingRefits.refit;
import static io.espalier.engine.recover.TestingRefits.solver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.RefitSettings.Inputs;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer without a bias gets one where that makes it better. */
final class AddedBiasTest {

    private static final RefitSettings ADDING = new RefitSettings(0, Inputs.SEQUENTIAL, List.of(), true, 0);

    /** Layers whose bias was taken away: what the original adds is to be found again. */
    static Stream<LinearCase> biased() {
        return LinearCase.all()
                .filter(each ->
                        each.shapes().containsKey("b") || each.node().operator().equals("MatMul"));
    }

    @ParameterizedTest
    @MethodSource("biased")
    void aBiasThatIsMissedIsAdded(LinearCase each) {
        for (long seed = 1; seed <= 2; seed++) {
            Graph whole = whole(each, seed);
            Graph without = without(each, seed);
            TestingRefits.InMemory data = data(each.input(), 64, seed);
            SequentialRefit refit = refit(whole, without, data, ADDING, new TestingRefits.File(true));

            List<Edit> edits = refit.edits(solver(1e-9));

            String which = each + ", seed " + seed + ", " + refit.fitted();
            if (each.toString().equals("a matrix for each head")) {
                assertThat(edits).as(which).allMatch(edit -> edit instanceof Edit.SetConstant);
                continue;
            }
            assertThat(refit.fitted())
                    .as(which)
                    .allMatch(fitted -> fitted.note().equals("a bias was added"));
            assertThat(outputs(GraphEdits.apply(without, edits), data))
                    .as(which)
                    .containsExactly(outputs(whole, data), within(5e-3));
        }
    }

    private static double[] outputs(Graph graph, TestingRefits.InMemory data) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.DEFAULT)) {
            return Tensors.toDoubles(runner.run(data.arrays()).get("y"));
        }
    }

    private static Graph whole(LinearCase each, long seed) {
        Graph graph = each.graph(seed);
        if (each.shapes().containsKey("b")) {
            return graph;
        }
        Node raw = new Node("", "MatMul", each.node().inputs(), List.of("raw"), Map.of());
        boolean left = each.node().inputs().get(0).equals("w");
        long outputs = each.shapes().get("w")[each.shapes().get("w").length - (left ? 2 : 1)];
        Tensor bias =
                left ? random(new SplittableRandom(seed), outputs, 1) : random(new SplittableRandom(seed), outputs);
        return new Graph(
                "whole",
                graph.inputs(),
                graph.outputs(),
                List.of(raw, Node.of("Add", List.of("raw", "b"), List.of("y"), Map.of())),
                graph.withConstants(Map.of("b", bias)).constants(),
                Map.of());
    }

    private static Graph without(LinearCase each, long seed) {
        Graph graph = each.graph(seed);
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.remove("b");
        List<String> inputs = new ArrayList<>(each.node().inputs());
        inputs.remove("b");
        Node node = new Node(
                "", each.node().operator(), inputs, List.of("y"), each.node().attributes());
        return new Graph("without", graph.inputs(), graph.outputs(), List.of(node), constants, Map.of());
    }

    /** Files that cannot hold a bias are asked before, and the report says what it would have been worth. */
    @ParameterizedTest
    @EnumSource(Inputs.class)
    void aBiasThatTheFileCannotHoldIsNamed(Inputs inputs) {
        biased().filter(each -> !each.toString().equals("a matrix for each head"))
                .forEach(each -> {
                    Graph whole = whole(each, 1);
                    Graph without = without(each, 1);
                    RefitSettings settings = new RefitSettings(0, inputs, List.of(), true, 0);
                    SequentialRefit refit =
                            refit(whole, without, data(each.input(), 64, 1), settings, new TestingRefits.File(false));

                    assertThat(refit.edits(solver(1e-3)))
                            .as(each.toString())
                            .allMatch(edit -> edit instanceof Edit.SetConstant);
                    assertThat(refit.fitted())
                            .as(each.toString())
                            .allMatch(fitted -> fitted.note().contains("files of this kind cannot gain one"));
                });
    }

    /** What is read in the slot is halved: the operator is asked with numbers. */
    @Test
    void anOperatorThatScalesItsBiasGetsNone() {
        LinearCase gemm = LinearCase.all()
                .filter(each -> each.toString().equals("gemm"))
                .findFirst()
                .orElseThrow();
        Graph whole = whole(gemm, 1);
        Graph plain = without(gemm, 1);
        Node halving = plain.nodes().get(0).withAttribute("beta", new Attribute.Real(0.5));
        Graph without =
                new Graph("halving", plain.inputs(), plain.outputs(), List.of(halving), plain.constants(), Map.of());
        SequentialRefit refit = refit(whole, without, data(gemm.input(), 64, 1), ADDING, new TestingRefits.File(true));

        assertThat(refit.edits(solver(1e-3))).allMatch(edit -> edit instanceof Edit.SetConstant);
        assertThat(refit.fitted()).allMatch(fitted -> fitted.note().contains("its operator cannot add one"));
    }

    /** The network is not made larger for nothing. */
    @ParameterizedTest
    @MethodSource("io.espalier.engine.recover.LinearCase#all")
    void aBiasThatHelpsLittleIsNotAdded(LinearCase each) {
        Graph original = without(each, 1);
        Graph disturbed = original.withConstants(Map.of("w", each.constants(101).get("w")));
        TestingRefits.InMemory data = data(each.input(), 256, 1);
        SequentialRefit refit = refit(original, disturbed, data, ADDING, new TestingRefits.File(true));

        List<Edit> edits = refit.edits(solver(1e-1));

        assertThat(edits).as(each + " " + refit.fitted()).hasSize(1).allMatch(edit -> edit instanceof Edit.SetConstant);
    }
}
