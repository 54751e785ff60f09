package io.espalier.engine.run;

import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Extents;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.Optional;

/** How many multiplications criteria take that solve for the inputs of weights: the cubes of how many each weight has, added up. */
final class SolvingWork {

    private SolvingWork() {}

    /** @param costs what the graph costs before anything is removed */
    static double of(Graph graph, Shapes shapes, Operators operators, CostModel costs) {
        return graph.nodes().stream()
                .mapToDouble(node -> inputs(node, new NodeView(node, shapes), operators, costs))
                .map(inputs -> inputs * inputs * inputs)
                .sum();
    }

    /** How many products are summed for an element of the output; 0 where that is not known, or nothing is summed. */
    private static double inputs(Node node, NodeView view, Operators operators, CostModel costs) {
        Optional<Long> products = operators
                .of(node)
                .flatMap(definition -> definition.macs(view))
                .flatMap(rule -> rule.count(costs::extents));
        Optional<Long> elements = costs.extents(node.id()).map(extents -> Extents.product(extents, 0));
        return products.isPresent() && elements.isPresent() && elements.get() > 0
                ? (double) products.get() / elements.get()
                : 0;
    }
}
