package io.espalier.engine.coupling;

import io.espalier.graph.flow.RunLength;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.spi.Budget;
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
        return of(graph, Operators.standard().with(taught), () -> false);
    }

    /**
     * Analyses the graph of a model.
     *
     * @throws UnusableGraphException when it makes no sense
     */
    public static Analysis of(Model model, List<OperatorSemantics> taught) {
        return of(model.graph(), Operators.standard().with(taught), model::isAccepted);
    }

    private static Analysis of(Graph graph, Operators operators, BooleanSupplier accepted) {
        Shapes shapes = operators.infer(graph);
        shapes.requireSound(accepted);
        RunLength.require(graph, shapes, Budget.DEFAULT.steps());
        return new Analysis(graph, shapes, CouplingAnalysis.analyse(graph, shapes, operators));
    }
}
