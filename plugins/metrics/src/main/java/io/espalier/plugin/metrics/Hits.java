package io.espalier.plugin.metrics;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;

/** Counts examples whose label is among the largest scores. */
final class Hits implements Measurement {

    private final long largest;
    private long hits;
    private long examples;

    Hits(long largest) {
        this.largest = largest;
    }

    @Override
    public void add(Batch batch, Map<String, Tensor> outputs) {
        Map.Entry<String, Tensor> first = outputs.entrySet().iterator().next();
        long[] labels = batch.classes().orElseThrow();
        int classes = classes(first.getKey(), first.getValue().shape(), labels.length);
        float[] scores = Tensors.toFloats(first.getValue());
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes) {
                throw new InvalidInputException("The label in row " + batch.rows()[row] + " (rows count from 0) is "
                        + labels[row] + ", but the model has the classes 0 to " + (classes - 1) + ".");
            }
            hits += rank(scores, row * classes, classes, (int) labels[row]) < largest ? 1 : 0;
        }
        examples += labels.length;
    }

    private static int classes(String name, List<Long> shape, int examples) {
        long classes = shape.stream().skip(1).reduce(1L, Math::multiplyExact);
        if (shape.size() < 2 || shape.get(0) != examples || shape.get(1) != classes) {
            throw new InvalidInputException("Accuracy needs one row of scores an example, but the first output "
                    + Quoted.name(name) + " has shape " + shape + " for " + examples
                    + " examples; leave out the labels.");
        }
        return Math.toIntExact(classes);
    }

    /** How many scores are larger than that of the label; one that is not a number has the last rank. */
    private static int rank(float[] scores, int start, int classes, int label) {
        float score = scores[start + label];
        if (Float.isNaN(score)) {
            return classes;
        }
        int rank = 0;
        for (int each = 0; each < classes; each++) {
            float other = scores[start + each];
            rank += other > score || other == score && each < label ? 1 : 0;
        }
        return rank;
    }

    @Override
    public double value() {
        return (double) hits / examples;
    }
}
