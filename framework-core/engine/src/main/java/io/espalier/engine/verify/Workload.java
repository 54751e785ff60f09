package io.espalier.engine.verify;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.Budget;
import io.espalier.spi.BudgetException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses to run a graph at extents at which a value would not fit the {@link Budget}. */
final class Workload {

    private final Shapes shapes;
    private final Map<String, Long> extents;
    private final Set<String> variable = new HashSet<>();

    private Workload(Shapes shapes, Map<String, Long> extents) {
        this.shapes = shapes;
        this.extents = extents;
    }

    /**
     * Looks at the inputs and at what every node makes, bodies included.
     *
     * @param extents extent of every symbolic dimension of the inputs
     * @throws BudgetException when a value would be too large; the message names it
     */
    static void require(Graph graph, Shapes shapes, Map<String, Long> extents) {
        new Workload(shapes, extents).visit(graph);
    }

    private void visit(Graph graph) {
        for (String input : graph.inputs().keySet()) {
            variable.add(input);
            require(input, Budget.DEFAULT.inputElements());
        }
        for (Node node : graph.nodes()) {
            boolean varies = node.reads().stream().anyMatch(variable::contains);
            node.bodies().forEach(this::visit);
            try {
                for (String output : node.outputs()) {
                    require(output, varies ? Budget.DEFAULT.elements() : Budget.DEFAULT.constantElements());
                }
            } catch (BudgetException e) {
                throw e.at(node.qualifiedOperator(), node.id());
            }
            if (varies) {
                variable.addAll(node.outputs());
            }
        }
    }

    private void require(String value, long most) {
        double size = 1;
        for (Dim extent : shapes.shape(value).orElse(List.of())) {
            size *= evaluated(extent);
        }
        if (size > most) {
            throw new BudgetException(
                    "'" + value + "' would have more than " + most + " elements while the result is proved");
        }
    }

    /** What depends on data is known only by running. */
    private double evaluated(Dim extent) {
        if (extent.isConstant()) {
            return extent.constant();
        }
        try {
            return extents.keySet().containsAll(extent.symbols()) ? extent.evaluate(extents) : 1;
        } catch (ArithmeticException overflow) {
            return Double.POSITIVE_INFINITY;
        }
    }
}
