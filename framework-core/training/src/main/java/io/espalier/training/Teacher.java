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
import java.util.Map;
import java.util.Optional;

/** Gives the outputs of a model that is not trained as labels. Not thread-safe. */
final class Teacher implements AutoCloseable {

    private final Runner runner;

    private Teacher(Runner runner) {
        this.runner = runner;
    }

    /**
     * A teacher of a model.
     *
     * @throws InvalidInputException when it takes other inputs
     */
    static Teacher of(Distillation distillation, Graph model, GraphExecutor executor, int threads) {
        Graph teacher = distillation.teacher();
        if (!model.inputs().keySet().containsAll(teacher.inputs().keySet())) {
            throw new InvalidInputException("The teacher takes the inputs "
                    + String.join(", ", teacher.inputs().keySet()) + ", but the model has "
                    + String.join(", ", model.inputs().keySet()) + "; give a teacher with the same inputs.");
        }
        return new Teacher(
                executor.prepare(teacher, Settings.of(Purpose.EVALUATION).withThreads(threads)));
    }

    /** The batch with what the teacher computes for it as its labels. */
    Batch taught(Batch batch) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        runner.inputs().forEach(name -> inputs.put(name, batch.inputs().get(name)));
        Map<String, Tensor> labels = new LinkedHashMap<>();
        labels.put(Distillation.LABELS, runner.run(inputs).values().iterator().next());
        return new Batch(batch.rows(), batch.inputs(), labels, Optional.empty());
    }

    @Override
    public void close() {
        runner.close();
    }
}
