package io.espalier.plugin.metrics;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Map;

/** Mean over all elements of the squared difference between the first output and the labels, element by element. */
public final class MeanSquaredErrorMetric implements Metric {

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public String description() {
        return "Mean squared difference between the first output and the labels.";
    }

    @Override
    public Unit unit() {
        return Unit.NUMBER;
    }

    @Override
    public boolean higherIsBetter(Options options) {
        return false;
    }

    @Override
    public Labels labels() {
        return Labels.ANY;
    }

    @Override
    public Measurement start(Options options, RunContext context) {
        return new Sum();
    }

    private static final class Sum implements Measurement {

        private double sum;
        private long elements;

        @Override
        public void add(Batch batch, Map<String, Tensor> outputs) {
            Map.Entry<String, Tensor> output = outputs.entrySet().iterator().next();
            Map.Entry<String, Tensor> label =
                    batch.labels().entrySet().iterator().next();
            if (output.getValue().size() != label.getValue().size()) {
                throw new InvalidInputException("The output " + Quoted.name(output.getKey()) + " has shape "
                        + output.getValue().shape() + ", but the labels " + Quoted.name(label.getKey()) + " have shape "
                        + label.getValue().shape() + "; the mean squared error needs a label for each element.");
            }
            double[] targets = Tensors.toDoubles(label.getValue());
            Tensors.forEach(output.getValue(), (index, value) -> sum += Math.pow(value - targets[(int) index], 2));
            elements += targets.length;
        }

        @Override
        public double value() {
            return sum / elements;
        }
    }
}
