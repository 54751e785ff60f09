package io.espalier.engine.evaluate;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of what a model gives another does not: the share of the variance of its outputs, over examples, that the same
 * outputs of the other do not explain, 1 less the squared correlation about the mean of each element. The first axis of an
 * output holds examples. Scale and shift do not count, as they change no ranking of classes. Not thread-safe.
 */
public final class OutputDeviation {

    private final Map<String, Sums> outputs = new TreeMap<>();

    /**
     * Adds outputs for a batch.
     *
     * @param wanted what the model gives, by name
     * @param found what the other gives for the same examples
     */
    public void add(Map<String, Tensor> wanted, Map<String, Tensor> found) {
        wanted.forEach((name, tensor) -> {
            Tensor other = found.get(name);
            if (tensor.type().isFloating() && tensor.size() > 0 && other != null) {
                outputs.computeIfAbsent(name, none -> new Sums(tensor)).add(tensor, other);
            }
        });
    }

    /**
     * The mean over the outputs that vary, from 0 to 1; 1 where the other gives something that is not finite or is of another
     * shape.
     *
     * @return not a number when no output varies
     */
    public double value() {
        return outputs.values().stream()
                .filter(Sums::varies)
                .mapToDouble(Sums::deviation)
                .average()
                .orElse(Double.NaN);
    }

    /** Sums over examples: of each element, and of squares and products over all elements. */
    private static final class Sums {

        private final double[] wanted;
        private final double[] found;
        private double wantedSquares;
        private double foundSquares;
        private double products;
        private long examples;
        private boolean fits = true;

        Sums(Tensor output) {
            int elements = output.shape().isEmpty()
                    ? 1
                    : Math.toIntExact(output.size() / output.shape().get(0));
            wanted = new double[elements];
            found = new double[elements];
        }

        void add(Tensor output, Tensor other) {
            fits &= output.size() % wanted.length == 0 && output.shape().equals(other.shape());
            if (!fits) {
                return;
            }
            double[] one = Tensors.toDoubles(output);
            double[] two = Tensors.toDoubles(other);
            for (int i = 0; i < one.length; i++) {
                wanted[i % wanted.length] += one[i];
                found[i % wanted.length] += two[i];
                wantedSquares += one[i] * one[i];
                foundSquares += two[i] * two[i];
                products += one[i] * two[i];
            }
            examples += one.length / wanted.length;
        }

        boolean varies() {
            return about(wantedSquares, wanted, wanted) > 0;
        }

        double deviation() {
            double common = about(products, wanted, found);
            double explained =
                    common * common / (about(wantedSquares, wanted, wanted) * about(foundSquares, found, found));
            return fits && common > 0 && Double.isFinite(explained) ? Math.max(0, 1 - explained) : 1;
        }

        /** A sum of products about the means of each element. */
        private double about(double sum, double[] one, double[] two) {
            double means = 0;
            for (int i = 0; i < one.length; i++) {
                means += one[i] * two[i];
            }
            return sum - means / examples;
        }
    }
}
