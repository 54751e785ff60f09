package io.espalier.engine.evidence;

import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Nodes;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph with a factor at each value that everything passes through. Where what follows is proportional to such a value, the
 * factor changes the result, and every gradient of it, by that factor alone: so a deep network can be kept within single precision.
 *
 * @param graph the graph with the factors
 * @param factors the input that each factor is fed to, by the value it multiplies, in the order of the graph
 */
record LevelledGraph(Graph graph, Map<String, String> factors) {

    /** Powers of two at which all values are held: small enough for activations to be proportional to what they get. */
    private static final int LEVEL = -30;

    private static final int MOST_ROUNDS = 64;

    /**
     * Adds the factors.
     *
     * @param inputs the inputs of the graph that hold examples
     * @param result what the graph computes
     */
    static LevelledGraph of(Graph graph, Set<String> inputs, String result, Shapes shapes) {
        FreshNames names = FreshNames.of(graph);
        Map<String, ValueType> types = new LinkedHashMap<>(graph.inputs());
        Map<String, String> factors = new LinkedHashMap<>();
        Map<String, String> renamed = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        Map<Integer, String> passages = Passages.of(graph, inputs, result, shapes);
        for (int i = 0; i <= graph.nodes().size(); i++) {
            if (i > 0) {
                nodes.add(reading(graph.nodes().get(i - 1), renamed));
            }
            String value = passages.get(i);
            if (value != null) {
                String factor = names.fresh("level/factor");
                types.put(factor, new ValueType(DataType.FLOAT32, Optional.of(List.of())));
                factors.put(value, factor);
                renamed.put(value, names.fresh("level/value"));
                nodes.add(Nodes.multiply(value, factor, renamed.get(value)));
            }
        }
        Graph levelled = new Graph(
                graph.name(), types, graph.outputs(), nodes, graph.constants(), graph.declared(), graph.given());
        return new LevelledGraph(levelled, factors);
    }

    private static Node reading(Node node, Map<String, String> renamed) {
        Node changed = node;
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            String value = node.inputs().get(slot);
            changed = renamed.containsKey(value) ? changed.withInput(slot, renamed.get(value)) : changed;
        }
        return changed;
    }

    /**
     * Factors with which all values that are multiplied are of one size: powers of two, so that nothing is rounded.
     *
     * @param inputs all other inputs
     * @return for each input of a factor, the factor
     */
    Map<String, Tensor> level(Map<String, Tensor> inputs, GraphExecutor executor) {
        Map<String, Integer> exponents = new LinkedHashMap<>();
        factors.keySet().forEach(value -> exponents.put(value, 0));
        Graph values = new Gradients(graph, Map.of()).returning(List.copyOf(factors.keySet()));
        try (Runner runner = executor.prepare(values, Settings.of(Purpose.EVALUATION))) {
            boolean isLevel = factors.isEmpty();
            for (int round = 0; !isLevel && round < MOST_ROUNDS; round++) {
                Map<String, Tensor> all = new LinkedHashMap<>(inputs);
                all.putAll(fed(exponents));
                all.keySet().retainAll(runner.inputs());
                isLevel = !improve(exponents, runner.run(all));
            }
        }
        return fed(exponents);
    }

    /** Corrects factors up to the first value that overflows; whether one changed. */
    private boolean improve(Map<String, Integer> exponents, Map<String, Tensor> values) {
        boolean changed = false;
        int corrected = 0;
        for (String value : factors.keySet()) {
            double largest = largest(values.get(value));
            if (!Double.isFinite(largest)) {
                return true;
            }
            int old = exponents.get(value);
            int wanted = largest == 0 ? old : LEVEL - Math.getExponent(largest) - corrected;
            exponents.put(value, wanted);
            corrected += wanted - old;
            changed |= Math.abs(wanted - old) > 1;
        }
        return changed;
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (double each : Tensors.toDoubles(tensor)) {
            largest = Double.isNaN(each) ? Double.NaN : Math.max(largest, Math.abs(each));
        }
        return largest;
    }

    /**
     * For some values the power of two that the factors before have made of them.
     *
     * @param level the factors
     */
    Map<String, Integer> exponents(Collection<String> values, Map<String, Tensor> level) {
        Map<String, Integer> exponents = new HashMap<>();
        values.stream().filter(graph.inputs()::containsKey).forEach(value -> exponents.put(value, 0));
        int exponent = 0;
        for (Node node : graph.nodes()) {
            Tensor factor = node.inputs().size() > 1 ? level.get(node.inputs().get(1)) : null;
            exponent += factor == null ? 0 : Math.getExponent(Tensors.toDoubles(factor)[0]);
            for (String output : node.outputs()) {
                if (values.contains(output)) {
                    exponents.put(output, exponent);
                }
            }
        }
        return exponents;
    }

    private Map<String, Tensor> fed(Map<String, Integer> exponents) {
        Map<String, Tensor> fed = new LinkedHashMap<>();
        exponents.forEach((value, exponent) ->
                fed.put(factors.get(value), Tensors.floats(List.of(), (float) Math.scalb(1.0, exponent))));
        return fed;
    }
}
