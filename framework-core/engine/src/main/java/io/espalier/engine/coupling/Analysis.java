package io.espalier.engine.coupling;

import io.espalier.graph.flow.RunLength;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.operator.OperatorSemantics;
import java.util.List;

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
        Shapes shapes = operators.infer(graph);
        shapes.requireSound();
        RunLength.require(graph, shapes, Budget.DEFAULT.steps());
        return new Analysis(graph, shapes, CouplingAnalysis.analyse(graph, shapes, operators));
    }
}
