package io.espalier.engine.coupling;

import io.espalier.graph.operator.IndexLines;
import io.espalier.graph.operator.TaughtShapes;
import io.espalier.graph.shape.ShapeInference;
import io.espalier.graph.shape.Shapes;
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
        Shapes shapes = ShapeInference.infer(graph, TaughtShapes.rules(taught));
        IndexLines lines = IndexLines.standard().with(taught);
        return new Analysis(graph, shapes, CouplingAnalysis.analyse(graph, shapes, lines));
    }
}
