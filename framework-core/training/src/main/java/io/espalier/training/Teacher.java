package io.espalier.training;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Batch;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives the outputs of a model that is not trained as labels. Not thread-safe. */
final class Teacher implements AutoCloseable {

    private final Runner runner;
    /** For each input of the teacher, that of the model. */
    private final Map<String, String> inputs;

    private Teacher(Runner runner, Map<String, String> inputs) {
        this.runner = runner;
        this.inputs = inputs;
    }

    /**
     * A teacher of a model: its inputs are those of the same names, or where there are none of its names, those in the same order.
     *
     * @throws InvalidInputException when it takes other inputs
     */
    static Teacher of(Distillation distillation, Graph model, GraphExecutor executor, int threads) {
        List<String> own = List.copyOf(distillation.teacher().inputs().keySet());
        List<String> given = List.copyOf(model.inputs().keySet());
        boolean named = given.containsAll(own);
        if (!named && own.size() != given.size()) {
            throw new InvalidInputException("The teacher takes the inputs " + String.join(", ", own)
                    + ", but the model has " + String.join(", ", given) + "; give a teacher with the same inputs.");
        }
        Map<String, String> inputs = new LinkedHashMap<>();
        for (int i = 0; i < own.size(); i++) {
            inputs.put(own.get(i), named ? own.get(i) : given.get(i));
        }
        return new Teacher(
                executor.prepare(
                        distillation.teacher(), Settings.of(Purpose.EVALUATION).withThreads(threads)),
                inputs);
    }

    /** The batch with what the teacher computes for it as its labels. */
    Batch taught(Batch batch) {
        Map<String, Tensor> fed = new LinkedHashMap<>();
        runner.inputs().forEach(name -> fed.put(name, batch.inputs().get(inputs.get(name))));
        Map<String, Tensor> labels = new LinkedHashMap<>();
        labels.put(Distillation.LABELS, runner.run(fed).values().iterator().next());
        return new Batch(batch.rows(), batch.inputs(), labels, Optional.empty());
    }

    @Override
    public void close() {
        runner.close();
    }
}
