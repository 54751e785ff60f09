package io.espalier.plugin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.contract.MetricContract;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MeanSquaredErrorMetricTest extends MetricContract {

    @Override
    protected Metric metric() {
        return new MeanSquaredErrorMetric();
    }

    private static Tensor values(int rows, Random random) {
        float[] values = new float[rows * 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.floats(Tensors.shape(rows, 2), values);
    }

    private static Batch batch(int rows, Map<String, Tensor> labels) {
        return new Batch(LongStream.range(0, rows).toArray(), Map.of(), labels, Optional.empty());
    }

    @Override
    protected Batch labelled(int examples, Random random) {
        return batch(examples, Map.of("target", values(examples, random)));
    }

    @Override
    protected Map<String, Tensor> guesses(Batch batch, Random random) {
        return Map.of("y", values(batch.size(), random));
    }

    @Override
    protected Map<String, Tensor> truth(Batch batch) {
        return Map.of("y", batch.labels().get("target"));
    }

    @Test
    void isTheMeanOverAllElements() {
        Batch batch = batch(2, Map.of("target", Tensors.longs(Tensors.shape(2), 1, 5)));
        Map<String, Tensor> outputs = Map.of("y", Tensors.floats(Tensors.shape(2, 1), 1.5f, 2));
        assertThat(measure(batch, outputs, 2)).isEqualTo((0.25 + 9) / 2);
    }

    @Test
    void labelsThatDoNotFitAreRefused() {
        Map<String, Tensor> outputs = Map.of("y", Tensors.floats(Tensors.shape(2, 2), 1, 2, 3, 4));
        assertThatThrownBy(() -> measure(batch(2, Map.of("target", Tensors.vector(1, 2))), outputs, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'y'", "'target'", "[2, 2]", "[2]");
    }
}
