package io.espalier.engine.open;

import io.espalier.graph.operator.Operators;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.ForwardingModel;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;

/**
 * A model whose graph declares shapes that were measured and knows the values of inputs that a user gives. As safe for
 * threads as the model behind it.
 */
public final class CompleteModel extends ForwardingModel {

    private final Graph graph;

    private CompleteModel(Model model, Graph graph) {
        super(model);
        this.graph = graph;
    }

    /** The model with the shapes of values that no operator definition tells; no input has a value. */
    public static Model of(Model model, Operators operators, Budget budget) {
        return of(model, GivenInputs.NONE, operators, budget);
    }

    /**
     * The model with the values of inputs, and with the shapes of values that no operator definition tells, as far as a run
     * of the original tells them; the same object when nothing is added. It is closed when it cannot be read.
     *
     * @throws UnusableInputException when an input does not exist or cannot have its value
     */
    public static Model of(Model model, GivenInputs given, Operators operators, Budget budget) {
        try {
            Graph graph = MeasuredShapes.complete(model, given.in(model.graph()), operators, budget);
            return graph == model.graph() ? model : new CompleteModel(model, graph);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    @Override
    public Graph graph() {
        return graph;
    }
}
