package io.espalier.engine.evaluate;

import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Batch;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A metric that a model file computes: its inputs are outputs of the model and arrays of the data, by name; its first
 * output is one number, the mean over the examples of a batch.
 */
public final class GraphMetric implements Metric {

    private static final String BETTER = "better";
    private static final String HIGHER = "higher";

    private final Path file;
    private final FrameworkAdapter adapter;
    private final GraphExecutor executor;

    /**
     * A metric in a file.
     *
     * @param adapter opens the file
     * @param executor runs it
     */
    public GraphMetric(Path file, FrameworkAdapter adapter, GraphExecutor executor) {
        this.file = file;
        this.adapter = adapter;
        this.executor = executor;
    }

    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public String description() {
        return "What the file computes.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.choice(BETTER, List.of(HIGHER, "lower"), "which values are better"));
    }

    @Override
    public Unit unit() {
        return Unit.NUMBER;
    }

    @Override
    public boolean higherIsBetter(Options options) {
        return options.text(BETTER).equals(HIGHER);
    }

    @Override
    public Labels labels() {
        return Labels.NONE;
    }

    @Override
    public Measurement start(Options options, RunContext context) {
        try (Model model = adapter.open(file, AdapterContext.of(adapter, Operators.standard()))) {
            Graph graph = model.graph();
            return new WeightedMean(graph, executor.prepare(graph, Settings.of(Purpose.EVALUATION)));
        } catch (ExecutionException e) {
            throw refused(e);
        }
    }

    private InvalidInputException refused(ExecutionException cause) {
        return new InvalidInputException(
                "The metric " + Quoted.name(name()) + " cannot be computed: " + cause.getMessage(), cause);
    }

    private final class WeightedMean implements Measurement {

        private final Map<String, ValueType> inputs;
        private final Session session;
        private double sum;
        private long examples;

        WeightedMean(Graph graph, Session session) {
            this.inputs = graph.inputs();
            this.session = session;
        }

        @Override
        public void add(Batch batch, Map<String, Tensor> outputs) {
            Map<String, Tensor> given = new LinkedHashMap<>();
            inputs.forEach((name, type) -> given.put(name, input(name, type.type(), batch, outputs)));
            try {
                sum += batch.size() * scalar(session.run(given));
            } catch (ExecutionException e) {
                throw refused(e);
            }
            examples += batch.size();
        }

        private Tensor input(String name, DataType type, Batch batch, Map<String, Tensor> outputs) {
            Tensor value = outputs.getOrDefault(name, batch.labels().get(name));
            if (value == null) {
                throw new InvalidInputException("The metric " + Quoted.name(name()) + " needs " + Quoted.name(name)
                        + ", which is neither an output of the model (" + String.join(", ", outputs.keySet())
                        + ") nor an array of labels ("
                        + String.join(", ", batch.labels().keySet()) + ").");
            }
            if (value.type().isFloating() && !type.isFloating()) {
                throw new InvalidInputException("The metric " + Quoted.name(name()) + " takes " + Quoted.name(name)
                        + " as " + type + ", but it holds " + value.type() + "; convert it.");
            }
            return Tensors.converted(value, type);
        }

        private double scalar(Map<String, Tensor> results) {
            Tensor first = results.values().iterator().next();
            if (first.size() != 1) {
                throw new InvalidInputException("The metric " + Quoted.name(name()) + " gives a value of shape "
                        + first.shape() + ", but must give one number.");
            }
            return Tensors.toDoubles(first)[0];
        }

        @Override
        public double value() {
            return sum / examples;
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
