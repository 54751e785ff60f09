package {package};

import static org.assertj.core.api.Assertions.assertThat;

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

class {class}Test extends MetricContract {

    private static final int CLASSES = 4;

    @Override
    protected Metric metric() {
        return new {class}();
    }

    @Override
    protected Batch labelled(int examples, Random random) {
        return labelled(random.longs(examples, 0, CLASSES).toArray());
    }

    private static Batch labelled(long... classes) {
        long[] rows = LongStream.range(0, classes.length).toArray();
        return new Batch(rows, Map.of(), Map.of("label", Tensors.vector(classes)), Optional.of(classes));
    }

    @Override
    protected Map<String, Tensor> guesses(Batch batch, Random random) {
        float[] scores = new float[batch.size() * CLASSES];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextFloat();
        }
        return scores(scores);
    }

    @Override
    protected Map<String, Tensor> truth(Batch batch) {
        long[] classes = batch.classes().orElseThrow();
        float[] scores = new float[classes.length * CLASSES];
        for (int row = 0; row < classes.length; row++) {
            scores[row * CLASSES + (int) classes[row]] = 1;
        }
        return scores(scores);
    }

    private static Map<String, Tensor> scores(float... scores) {
        return Map.of("scores", Tensors.floats(Tensors.shape(scores.length / CLASSES, CLASSES), scores));
    }

    @Test
    void aRareClassCountsAsMuchAsACommonOne() {
        Map<String, Tensor> alwaysTheFirst = scores(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
        assertThat(measure(labelled(0, 0, 1), alwaysTheFirst, 3)).isEqualTo(0.5);
    }
}
