package io.espalier.graph.flow;

import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.BudgetException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;

/** How many nodes a run takes in turn: those of a body once for each turn, where the number of turns is known. */
final class RunLength {

    private final Shapes shapes;
    private final long most;

    private RunLength(Shapes shapes, long most) {
        this.shapes = shapes;
        this.most = most;
    }

    /**
     * Refuses a graph that takes too long to run.
     *
     * @param most the largest number of nodes
     * @throws BudgetException when there are more; the message names the loop
     */
    static void require(Graph graph, Shapes shapes, long most) {
        new RunLength(shapes, most).of(graph);
    }

    private long of(Graph graph) {
        long sum = 0;
        for (Node node : graph.nodes()) {
            long own = 1;
            for (Graph body : node.bodies()) {
                own += turns(node) * of(body);
                if (own > most) {
                    throw new BudgetException("a run would take more than " + most + " nodes in turn", "steps")
                            .at(node.qualifiedOperator(), node.id());
                }
            }
            sum += own;
        }
        return sum;
    }

    /** The number of turns as far as it counts, 1 where it is not known. */
    private long turns(Node node) {
        if (!node.qualifiedOperator().equals("Loop")) {
            return 1;
        }
        long known = node.input(0)
                .flatMap(shapes::content)
                .flatMap(IntTensor::constants)
                .filter(numbers -> numbers.size() == 1)
                .map(numbers -> numbers.get(0))
                .orElse(1L);
        return Math.max(0, Math.min(known, most + 1));
    }
}
