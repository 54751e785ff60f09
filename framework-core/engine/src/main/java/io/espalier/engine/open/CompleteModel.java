package io.espalier.engine.open;

import io.espalier.graph.operator.Operators;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.ValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model whose graph declares shapes that were measured and knows the values of inputs that a user gives. As safe for
 * threads as the model behind it.
 */
public final class CompleteModel implements Model {

    private final Model model;
    private final Graph graph;

    private CompleteModel(Model model, Graph graph) {
        this.model = model;
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

    @Override
    public String digest() {
        return model.digest();
    }

    @Override
    public long byteSize() {
        return model.byteSize();
    }

    @Override
    public Map<String, String> metadata() {
        return model.metadata();
    }

    @Override
    public Map<String, LayerName> layers() {
        return model.layers();
    }

    @Override
    public int widthMultiple() {
        return model.widthMultiple();
    }

    @Override
    public boolean isAccepted() {
        return model.isAccepted();
    }

    @Override
    public Runner runner() {
        return model.runner();
    }

    @Override
    public Optional<Runner> runner(List<Edit> edits) {
        return model.runner(edits);
    }

    @Override
    public Optional<Runner> runner(Map<String, ValueType> inputs, List<String> outputs) {
        return model.runner(inputs, outputs);
    }

    @Override
    public void write(Path target, List<Edit> edits, Map<String, String> provenance) {
        model.write(target, edits, provenance);
    }

    @Override
    public void close() {
        model.close();
    }
}
