package io.espalier.engine.verify;

import io.espalier.spi.Quoted;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Differences between two sets of outputs: relative to the largest magnitude of each value or its spread, and to the
 * magnitude of each position on its second and its last axis, so that boxes do not hide the scores beside them.
 */
final class Comparison {

    /**
     * The magnitude that results of bounded functions are taken to have at least: a millionth, some units in the last
     * place of 1, is what a runtime's approximation of such a function is good for.
     */
    private static final double BOUNDED_MAGNITUDE = 1e-2;

    /** A channel whose magnitudes are smaller than this share of the largest of all is the result of cancellation. */
    private static final double SMALLEST_CHANNEL = 1e-2;

    private final Set<String> bounded;
    private final double narrowest;
    private final Map<String, ComparedOutput> outputs = new LinkedHashMap<>();
    private final Extreme channels = new Extreme();
    private double maxAbsolute;
    private String problem = "";
    private boolean finite = true;

    /** The largest relative difference so far, and where it is. */
    private static final class Extreme {

        private double relative;
        private String place = "";

        void add(double difference, double magnitude, String where) {
            if (difference > relative * magnitude) {
                relative = difference / magnitude;
                place = where;
            }
        }
    }

    /**
     * A comparison.
     *
     * @param bounded names of values that a bounded function makes
     * @param narrowest the share of its magnitude that a value is taken to vary by at least; 1 where only the magnitude
     *     counts
     */
    Comparison(Set<String> bounded, double narrowest) {
        this.bounded = bounded;
        this.narrowest = narrowest;
    }

    /** Compares values of the same name. */
    void add(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        expected.forEach((name, tensor) -> {
            Tensor other = actual.get(name);
            if (other == null || !other.shape().equals(tensor.shape())) {
                problem = "'" + name + "' has shape " + (other == null ? "none" : other.shape()) + " instead of "
                        + tensor.shape();
            } else {
                add(name, tensor.shape(), Tensors.toDoubles(tensor), Tensors.toDoubles(other));
            }
        });
    }

    private void add(String name, List<Long> shape, double[] expected, double[] actual) {
        ComparedOutput output = outputs.computeIfAbsent(name, key -> new ComparedOutput());
        double largest = bounded.contains(name) ? BOUNDED_MAGNITUDE : Double.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            if (!Double.isFinite(expected[i]) || !Double.isFinite(actual[i])) {
                finite &= Double.compare(expected[i], actual[i]) == 0 && Double.isInfinite(expected[i]);
                continue;
            }
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
            output.see(expected[i]);
        }
        maxAbsolute = Math.max(maxAbsolute, difference);
        output.add(difference, largest);
        if (difference > 0) {
            addChannels(name, shape, expected, actual, SMALLEST_CHANNEL * largest);
        }
        if (!finite && problem.isEmpty()) {
            problem = "'" + name + "' is not finite";
        }
    }

    private void addChannels(String name, List<Long> shape, double[] expected, double[] actual, double least) {
        int last = shape.size() - 1;
        if (last >= 1) {
            addChannels(name, 1, shape, expected, actual, least);
        }
        if (last > 1) {
            addChannels(name, last, shape, expected, actual, least);
        }
    }

    private void addChannels(
            String name, int axis, List<Long> shape, double[] expected, double[] actual, double least) {
        int extent = Math.toIntExact(shape.get(axis));
        int inner =
                Math.toIntExact(shape.subList(axis + 1, shape.size()).stream().reduce(1L, Math::multiplyExact));
        double[] largest = new double[extent];
        double[] difference = new double[extent];
        for (int i = 0; i < expected.length; i++) {
            int channel = i / inner % extent;
            if (Double.isFinite(expected[i]) && Double.isFinite(actual[i])) {
                largest[channel] = Math.max(largest[channel], Math.abs(expected[i]));
                difference[channel] = Math.max(difference[channel], Math.abs(expected[i] - actual[i]));
            }
        }
        for (int channel = 0; channel < extent; channel++) {
            channels.add(
                    difference[channel],
                    Math.max(largest[channel], least),
                    "position " + channel + " of axis " + axis + " of " + Quoted.name(name));
        }
    }

    boolean isWithin(double tolerance) {
        return problem.isEmpty() && maxRelative() <= tolerance;
    }

    double maxAbsolute() {
        return maxAbsolute;
    }

    /** The largest difference relative to the magnitude of its value. */
    double maxRelative() {
        return widest(1).relative;
    }

    /** The value that has the largest relative difference, quoted; empty when nothing differs. */
    String place() {
        return widest(1).place;
    }

    /**
     * The largest difference relative to the largest magnitude at the same position of an axis, or to the spread of its value
     * where that is much smaller than the magnitude.
     */
    double maxFineRelative() {
        return finest().relative;
    }

    /** The position or the value that has it; empty when nothing differs. */
    String finePlace() {
        return finest().place;
    }

    private Extreme finest() {
        Extreme narrow = widest(narrowest);
        return narrow.relative > channels.relative ? narrow : channels;
    }

    private Extreme widest(double leastSpread) {
        Extreme widest = new Extreme();
        outputs.forEach((name, output) -> widest.add(output.relative(leastSpread), 1, Quoted.name(name)));
        return widest;
    }

    /** A clause that says what cannot be compared, else empty. */
    String problem() {
        return problem;
    }

    boolean isFinite() {
        return finite;
    }

    /** Whether some expected value is not constant: within a run, or from run to run. */
    boolean varies() {
        return outputs.values().stream().anyMatch(ComparedOutput::varies);
    }
}
