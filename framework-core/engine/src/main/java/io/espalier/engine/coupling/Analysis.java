package io.espalier.engine.coupling;

import io.espalier.graph.flow.Workload;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.spi.Budget;
import io.espalier.spi.BudgetException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.operator.OperatorSemantics;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A graph with its shapes and its coupling.
 *
 * @param graph the graph
 * @param shapes shapes of all values
 * @param coupling which positions must be removed together
 */
public record Analysis(Graph graph, Shapes shapes, Coupling coupling) {

    /** Analyses a graph with the operators the engine knows. */
    public static Analysis of(Graph graph) {
        return of(graph, List.of());
    }

    /** Analyses a graph with the operators the engine knows and those that plug-ins teach. */
    public static Analysis of(Graph graph, List<OperatorSemantics> taught) {
        Operators operators = Operators.standard().with(taught);
        return of(graph, shapes(graph, operators, () -> false, Budget.DEFAULT), operators, Budget.DEFAULT);
    }

    /**
     * Analyses the graph of a model.
     *
     * @throws UnusableGraphException when it makes no sense
     * @throws BudgetException when it asks for more work than the budget allows
     */
    public static Analysis of(Model model, List<OperatorSemantics> taught, Budget budget) {
        Operators operators = Operators.standard().with(taught);
        return of(model.graph(), shapes(model, operators, budget), operators, budget);
    }

    private static Analysis of(Graph graph, Shapes shapes, Operators operators, Budget budget) {
        return new Analysis(graph, shapes, CouplingAnalysis.analyse(graph, shapes, operators, budget));
    }

    /**
     * The shapes of a model that makes sense and stays within the budget.
     *
     * @throws UnusableGraphException when it makes no sense
     * @throws BudgetException when it asks for more work than the budget allows
     */
    public static Shapes shapes(Model model, Operators operators, Budget budget) {
        return shapes(model.graph(), operators, model::isAccepted, budget);
    }

    private static Shapes shapes(Graph graph, Operators operators, BooleanSupplier accepted, Budget budget) {
        Shapes shapes = operators.infer(graph);
        shapes.requireSound(accepted);
        Workload.require(graph, shapes, budget);
        return shapes;
    }
}
