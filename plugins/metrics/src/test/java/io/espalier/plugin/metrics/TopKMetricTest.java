package io.espalier.plugin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.tensor.Tensor;
import io.espalier.testkit.contract.MetricContract;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopKMetricTest extends MetricContract {

    private int k = 3;

    @Override
    protected Metric metric() {
        return new TopKMetric();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("k", Integer.toString(k));
    }

    @Override
    protected Batch labelled(int examples, Random random) {
        return Classification.labelled(examples, random);
    }

    @Override
    protected Map<String, Tensor> guesses(Batch batch, Random random) {
        return Classification.guesses(batch, random);
    }

    @Override
    protected Map<String, Tensor> truth(Batch batch) {
        return Classification.truth(batch);
    }

    @Test
    void theLabelCountsAmongTheLargestK() {
        float[] scores = {8, 7, 6, 5, 4, 3, 2, 1};
        for (int label = 0; label < Classification.CLASSES; label++) {
            for (k = 1; k <= Classification.CLASSES + 1; k++) {
                assertThat(measure(Classification.labelled(label), Classification.scores(scores), 1))
                        .as("label %d, k %d", label, k)
                        .isEqualTo(label < k ? 1 : 0);
            }
        }
    }
}
