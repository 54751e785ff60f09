package io.espalier.engine.verify;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Map;
import java.util.Set;

/** Differences between two sets of outputs. */
final class Comparison {

    /**
     * The magnitude that results of bounded functions are taken to have at least: a millionth, some units in the last
     * place of 1, is what a runtime's approximation of such a function is good for.
     */
    private static final double BOUNDED_MAGNITUDE = 1e-2;

    private final Set<String> bounded;
    private double maxAbsolute;
    private double maxRelative;
    private String problem = "";
    private boolean varies;
    private boolean finite = true;

    /**
     * A comparison.
     *
     * @param bounded names of values that a bounded function makes
     */
    Comparison(Set<String> bounded) {
        this.bounded = bounded;
    }

    /** Compares values of the same name. */
    void add(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        expected.forEach((name, tensor) -> {
            Tensor other = actual.get(name);
            if (other == null || !other.shape().equals(tensor.shape())) {
                problem = "'" + name + "' has shape " + (other == null ? "none" : other.shape()) + " instead of "
                        + tensor.shape();
            } else {
                add(name, Tensors.toDoubles(tensor), Tensors.toDoubles(other));
            }
        });
    }

    private void add(String name, double[] expected, double[] actual) {
        double largest = bounded.contains(name) ? BOUNDED_MAGNITUDE : Double.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            boolean bothSpecial = Double.compare(expected[i], actual[i]) == 0;
            if (!Double.isFinite(expected[i]) || !Double.isFinite(actual[i])) {
                finite &= bothSpecial && Double.isInfinite(expected[i]);
                continue;
            }
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
            varies |= expected[i] != expected[0];
        }
        maxAbsolute = Math.max(maxAbsolute, difference);
        maxRelative = Math.max(maxRelative, difference / largest);
        if (!finite && problem.isEmpty()) {
            problem = "'" + name + "' is not finite";
        }
    }

    boolean isWithin(double tolerance) {
        return problem.isEmpty() && maxRelative <= tolerance;
    }

    double maxAbsolute() {
        return maxAbsolute;
    }

    double maxRelative() {
        return maxRelative;
    }

    /** A clause that says what cannot be compared, else empty. */
    String problem() {
        return problem;
    }

    boolean isFinite() {
        return finite;
    }

    /** Whether some expected value is not constant. */
    boolean varies() {
        return varies;
    }
}
