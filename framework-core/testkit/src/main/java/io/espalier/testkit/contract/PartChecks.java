package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Assertions about the parts of a model that its runtime loads. */
final class PartChecks {

    private static final int BORDERS = 8;

    private PartChecks() {}

    /** Divides a model at some of its values, as far as its runtime loads parts, and compares the outputs with those of the whole. */
    static void assertParts(Model model, Map<String, Tensor> inputs, double tolerance) {
        Graph graph = model.graph();
        Map<String, Tensor> expected;
        try (Runner whole = model.runner()) {
            expected = whole.run(inputs);
        }
        List<Node> nodes = graph.nodes();
        for (int place = 0; place < nodes.size(); place += Math.max(1, nodes.size() / BORDERS)) {
            String border = nodes.get(place).id();
            Optional<Runner> first = model.runner(types(inputs), List.of(border));
            if (first.isPresent() && !graph.outputs().contains(border)) {
                Map<String, Tensor> given = new LinkedHashMap<>(inputs);
                given.putAll(run(first.get(), List.of(border), inputs));
                Runner rest = model.runner(types(given), graph.outputs()).orElseThrow();
                assertThat(Outputs.difference(expected, run(rest, graph.outputs(), given), tolerance))
                        .as("the whole against the part behind '%s'", border)
                        .isEmpty();
            } else {
                first.ifPresent(Runner::close);
            }
        }
        assertThat(model.runner(types(inputs), List.of("no such value"))).isEmpty();
    }

    private static Map<String, Tensor> run(Runner part, List<String> outputs, Map<String, Tensor> inputs) {
        try (part) {
            assertThat(part.outputs()).isEqualTo(outputs);
            return part.run(inputs);
        }
    }

    private static Map<String, ValueType> types(Map<String, Tensor> values) {
        Map<String, ValueType> types = new LinkedHashMap<>();
        values.forEach((name, tensor) -> types.put(
                name,
                new ValueType(
                        tensor.type(),
                        Optional.of(Collections.nCopies(tensor.shape().size(), new Dimension.Unknown())))));
        return types;
    }
}
