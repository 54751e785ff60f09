package io.espalier.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.LinkedHashSet;
import java.util.Set;

/** Asserts the promises of {@link Graph}: topological order, unique names, everything defined. */
final class WellFormed {

    private WellFormed() {}

    static void check(Graph graph) {
        check(graph, new LinkedHashSet<>());
    }

    private static void check(Graph graph, Set<String> around) {
        Set<String> defined = new LinkedHashSet<>(around);
        graph.inputs().keySet().forEach(name -> define(defined, name));
        graph.constants().keySet().forEach(name -> define(defined, name));
        for (Node node : graph.nodes()) {
            for (String operand : node.inputs()) {
                assertThat(operand.isEmpty() || defined.contains(operand))
                        .as("operand %s of %s is defined before", operand, node)
                        .isTrue();
            }
            node.bodies().forEach(body -> check(body, defined));
            node.outputs().forEach(name -> define(defined, name));
        }
        assertThat(graph.outputs()).isNotEmpty().isSubsetOf(defined);
        assertThat(graph.declared().keySet()).containsAll(graph.outputs());
    }

    private static void define(Set<String> defined, String name) {
        assertThat(defined.add(name)).as("%s is defined once", name).isTrue();
    }
}
