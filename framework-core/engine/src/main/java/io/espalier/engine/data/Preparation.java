package io.espalier.engine.data;

import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How real inputs are prepared, seen by their mean and deviation. A model that learned from inputs of one range computes
 * nonsense from those of another, and nothing else shows it.
 *
 * @param mean mean of the elements
 * @param deviation their standard deviation
 */
public record Preparation(double mean, double deviation) {

    private static final long SEED = 0;
    private static final int EXAMPLES = 256;
    private static final int BATCH = 32;
    /** Of two kinds of images, prepared alike, deviations were at most 1.3 times and means 0.5 deviations apart. */
    private static final double MOST_RATIO = 2;

    private static final double MOST_SHIFT = 0.75;

    /**
     * A sentence when two sets of examples of one model are prepared differently; empty when they are not, or when one was made from
     * the model.
     *
     * @param first what the one set is, as the sentence begins
     * @param second what the other set is
     */
    public static Optional<String> note(String first, Batches one, String second, Batches other) {
        if (one.isSynthetic() || other.isSynthetic()) {
            return Optional.empty();
        }
        Map<String, Preparation> others = of(other);
        return of(one).entrySet().stream()
                .filter(each ->
                        others.containsKey(each.getKey()) && each.getValue().isFarFrom(others.get(each.getKey())))
                .map(each -> first + " and " + second + " are prepared differently: '" + each.getKey()
                        + "' has a mean of "
                        + each.getValue() + " in the one, of " + others.get(each.getKey())
                        + " in the other. Raw whole numbers, such as pixels, take --data-option scale, mean and std.")
                .findFirst();
    }

    /** Of each input of real numbers. */
    private static Map<String, Preparation> of(Batches batches) {
        Map<String, Sums> sums = new LinkedHashMap<>();
        for (Batch batch : batches.with(BatchOptions.of(BATCH).atMost(EXAMPLES).shuffled(SEED))) {
            batch.inputs().forEach((name, values) -> {
                if (values.type().isFloating()) {
                    sums.computeIfAbsent(name, ignored -> new Sums()).add(values);
                }
            });
        }
        Map<String, Preparation> preparations = new LinkedHashMap<>();
        sums.forEach((name, each) -> preparations.put(name, each.preparation()));
        return preparations;
    }

    private static final class Sums {

        private long count;
        private double sum;
        private double squares;

        void add(Tensor values) {
            count += values.size();
            Tensors.forEach(values, (index, value) -> {
                sum += value;
                squares += value * value;
            });
        }

        Preparation preparation() {
            double mean = sum / count;
            return new Preparation(mean, Math.sqrt(Math.max(0, squares / count - mean * mean)));
        }
    }

    boolean isFarFrom(Preparation other) {
        double large = Math.max(deviation, other.deviation);
        double small = Math.min(deviation, other.deviation);
        return large > MOST_RATIO * small || Math.abs(mean - other.mean) > MOST_SHIFT * large;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3g and a deviation of %.3g", mean, deviation);
    }
}
