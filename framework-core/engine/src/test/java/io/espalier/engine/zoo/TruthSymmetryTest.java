package io.espalier.engine.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.RandomGraphs.Generated;
import io.espalier.testkit.model.RandomInputs;
import io.espalier.testkit.model.Truth.Atom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The truth of random graphs, checked without any coupling analysis: two classes with the same homes can change places
 * in all constants and the network still computes the same. An atom that a class lacks would show.
 */
final class TruthSymmetryTest {

    /** Operators that tell channels apart by their position; networks with them are not symmetric. */
    private static final Set<String> POSITIONAL = Set.of("Concat", "Split", "Slice", "Gather");

    private static final long SEEDS = 250;

    private static final GraphExecutor EXECUTOR = new OnnxExecutor();

    private record LabelledAxis(String constant, int axis) {}

    private record Exchange(Graph before, Graph after) {}

    @TestFactory
    Stream<DynamicTest> classesWithTheSameHomesCanChangePlaces() {
        return LongStream.range(0, SEEDS)
                .boxed()
                .flatMap(seed -> exchanges(RandomGraphs.plain(seed)).stream()
                        .map(exchange -> dynamicTest("seed " + seed, () -> check(exchange))));
    }

    @Test
    void thereAreManySuchClasses() {
        long count = LongStream.range(0, SEEDS)
                .mapToObj(RandomGraphs::plain)
                .mapToLong(generated -> exchanges(generated).size())
                .sum();
        assertThat(count).isGreaterThan(100);
    }

    private static void check(Exchange exchange) {
        double[] before = run(exchange.before());
        double[] after = run(exchange.after());
        double largest = 0;
        double farthest = 0;
        for (int i = 0; i < before.length; i++) {
            largest = Math.max(largest, Math.abs(before[i]));
            farthest = Math.max(farthest, Math.abs(before[i] - after[i]));
        }
        assertThat(farthest).isLessThan(1e-4 * largest);
    }

    private static double[] run(Graph graph) {
        try (Runner runner = EXECUTOR.prepare(graph, GraphExecutor.Settings.PLAIN)) {
            Map<String, Tensor> outputs = runner.run(RandomInputs.FIRST.of(graph, 1));
            return Tensors.toDoubles(outputs.get(graph.outputs().get(0)));
        }
    }

    /** For every set of homes, the exchange of its first and its last class. */
    private static List<Exchange> exchanges(Generated generated) {
        Graph graph = generated.graph();
        if (graph.nodes().stream().anyMatch(node -> POSITIONAL.contains(node.operator()))) {
            return List.of();
        }
        Map<Map<LabelledAxis, Integer>, List<Map<LabelledAxis, List<Integer>>>> groups = new LinkedHashMap<>();
        for (Set<Atom> atoms : generated.truth().orElseThrow().classes()) {
            Map<LabelledAxis, List<Integer>> indices = indices(atoms);
            Map<LabelledAxis, Integer> counts = new LinkedHashMap<>();
            indices.forEach((labelledAxis, list) -> counts.put(labelledAxis, list.size()));
            groups.computeIfAbsent(counts, key -> new ArrayList<>()).add(indices);
        }
        return groups.values().stream()
                .filter(classes -> classes.size() > 1)
                .map(classes -> new Exchange(graph, exchanged(graph, classes.get(0), classes.get(classes.size() - 1))))
                .toList();
    }

    private static Map<LabelledAxis, List<Integer>> indices(Set<Atom> atoms) {
        Map<LabelledAxis, List<Integer>> indices = new LinkedHashMap<>();
        for (Atom atom : atoms) {
            indices.computeIfAbsent(new LabelledAxis(atom.constant(), atom.axis()), labelledAxis -> new ArrayList<>())
                    .add(atom.index());
        }
        indices.values().forEach(list -> list.sort(null));
        return indices;
    }

    private static Graph exchanged(
            Graph graph, Map<LabelledAxis, List<Integer>> left, Map<LabelledAxis, List<Integer>> right) {
        Graph changed = graph;
        for (LabelledAxis labelledAxis : left.keySet()) {
            Map<Integer, Integer> moves = new TreeMap<>();
            for (int i = 0; i < left.get(labelledAxis).size(); i++) {
                moves.put(left.get(labelledAxis).get(i), right.get(labelledAxis).get(i));
                moves.put(right.get(labelledAxis).get(i), left.get(labelledAxis).get(i));
            }
            Tensor tensor = changed.constants().get(labelledAxis.constant());
            changed = changed.withConstants(Map.of(labelledAxis.constant(), moved(tensor, labelledAxis.axis(), moves)));
        }
        return changed;
    }

    private static Tensor moved(Tensor tensor, int axis, Map<Integer, Integer> moves) {
        long inner = 1;
        for (long extent : tensor.shape().subList(axis + 1, tensor.shape().size())) {
            inner *= extent;
        }
        long extent = tensor.shape().get(axis);
        float[] values = Tensors.toFloats(tensor);
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int index = (int) (i / inner % extent);
            result[i] = values[(int) (i + (moves.getOrDefault(index, index) - index) * inner)];
        }
        return Tensors.floats(tensor.shape(), result);
    }
}
