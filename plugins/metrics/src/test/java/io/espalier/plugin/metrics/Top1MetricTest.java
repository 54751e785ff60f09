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
import java.util.Random;
import org.junit.jupiter.api.Test;

class Top1MetricTest extends MetricContract {

    @Override
    protected Metric metric() {
        return new Top1Metric();
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
    void theFirstOfEqualScoresIsTheAnswer() {
        float[] scores = {
            1, 3, 3, 0, 0, 0, 0, 0, /**/ 1, 3, 3, 0, 0, 0, 0, 0, /**/ 2, 2, 2, 2, 2, 2, 2, 2, /**/ 0, 0, 0, 0, 0, 0, 0,
            9
        };
        assertThat(measure(Classification.labelled(1, 2, 0, 7), Classification.scores(scores), 4))
                .isEqualTo(0.75);
    }

    @Test
    void aScoreThatIsNotANumberIsNoAnswer() {
        float[] scores = {Float.NaN, 0, 0, 0, 0, 0, 0, 0};
        assertThat(measure(Classification.labelled(0), Classification.scores(scores), 1))
                .isZero();
    }

    @Test
    void outputsAndLabelsThatDoNotFitAreRefused() {
        Batch batch = Classification.labelled(1, 2);
        for (Tensor output : new Tensor[] {
            Tensors.floats(Tensors.shape(2), 1, 2), Tensors.floats(Tensors.shape(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8)
        }) {
            assertThatThrownBy(() -> measure(batch, Map.of("y", output), 2))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("one row of scores")
                    .hasMessageContaining("'y'");
        }
        assertThatThrownBy(() -> measure(Classification.labelled(3, 99), Classification.scores(new float[16]), 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("row 1")
                .hasMessageContaining("99");
    }
}
