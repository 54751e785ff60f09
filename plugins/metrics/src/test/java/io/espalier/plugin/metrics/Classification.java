package io.espalier.plugin.metrics;

import io.espalier.spi.data.Batch;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/** Examples of eight classes. */
final class Classification {

    static final int CLASSES = 8;

    private Classification() {}

    static Batch labelled(long... classes) {
        return new Batch(
                LongStream.range(0, classes.length).toArray(),
                Map.of(),
                Map.of("label", Tensors.vector(classes)),
                Optional.of(classes));
    }

    static Batch labelled(int examples, Random random) {
        return labelled(random.longs(examples, 0, CLASSES).toArray());
    }

    static Map<String, Tensor> guesses(Batch batch, Random random) {
        float[] scores = new float[batch.size() * CLASSES];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextFloat();
        }
        return scores(scores);
    }

    static Map<String, Tensor> truth(Batch batch) {
        float[] scores = new float[batch.size() * CLASSES];
        for (int row = 0; row < batch.size(); row++) {
            scores[row * CLASSES + (int) batch.classes().orElseThrow()[row]] = 1;
        }
        return scores(scores);
    }

    static Map<String, Tensor> scores(float... scores) {
        return Map.of("scores", Tensors.floats(Tensors.shape(scores.length / CLASSES, CLASSES), scores));
    }
}
