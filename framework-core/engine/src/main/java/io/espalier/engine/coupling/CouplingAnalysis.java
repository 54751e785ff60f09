package io.espalier.engine.coupling;

import io.espalier.engine.coupling.label.LabelClasses;
import io.espalier.engine.coupling.label.LabelledGraph;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.engine.coupling.propagate.OutputLayouts;
import io.espalier.engine.coupling.propagate.Propagation;
import io.espalier.graph.flow.FlatGraph;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
import io.espalier.spi.BudgetException;
import io.espalier.spi.graph.Graph;
import java.util.Optional;

/**
 * Finds what must be removed together. One walk over the graph is enough, unless it finds how a repeated axis is
 * divided: then the graph is walked once more.
 *
 * <p>Related work: mask propagation of SPA (arXiv 2403.18955, section 3.1) and the dependency graph of DepGraph (arXiv
 * 2301.12900, section 3) reach the same groups one channel, or one layer pair, at a time; here the relation is exact for
 * single indices, and union-find works in both directions.
 */
public final class CouplingAnalysis {

    private CouplingAnalysis() {}

    /** Analyses a graph whose shapes have been inferred. */
    public static Coupling analyse(Graph graph, Shapes shapes, Operators operators) {
        return analyse(graph, shapes, operators, Budget.DEFAULT);
    }

    /**
     * Analyses a graph whose shapes have been inferred.
     *
     * @throws BudgetException when more positions would have to be followed than the budget allows
     */
    public static Coupling analyse(Graph graph, Shapes shapes, Operators operators, Budget budget) {
        return analyse(graph, shapes, operators, OutputLayouts.AS_FOUND, budget);
    }

    /** Analyses a graph as if operators laid out their outputs differently. */
    public static Coupling analyse(Graph graph, Shapes shapes, Operators operators, OutputLayouts outputs) {
        return analyse(graph, shapes, operators, outputs, Budget.DEFAULT);
    }

    private static Coupling analyse(
            Graph graph, Shapes shapes, Operators operators, OutputLayouts outputs, Budget budget) {
        Graph flat = FlatGraph.of(graph, shapes);
        Repetitions repetitions = Repetitions.unknown();
        while (true) {
            Labels labels = new Labels(budget.elements());
            LabelledGraph labelled = new Propagation(flat, shapes, operators, labels, repetitions, outputs).run();
            Optional<Repetitions> learned = repetitions.learned();
            if (learned.isEmpty()) {
                return new Coupling(operators, labelled, LabelClasses.of(labels));
            }
            repetitions = learned.get();
        }
    }
}
