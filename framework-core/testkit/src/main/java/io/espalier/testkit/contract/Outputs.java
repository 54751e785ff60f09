package io.espalier.testkit.contract;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what two programs returned. */
final class Outputs {

    /** Outputs that are zero but for rounding are compared with this as their magnitude. */
    private static final double SMALLEST_MAGNITUDE = 1e-3;

    private Outputs() {}

    /**
     * The first difference in words, or empty when there is none.
     *
     * @param tolerance as a share of the largest magnitude of an output
     */
    static Optional<String> difference(Map<String, Tensor> expected, Map<String, Tensor> actual, double tolerance) {
        if (!List.copyOf(expected.keySet()).equals(List.copyOf(actual.keySet()))) {
            return Optional.of("outputs are " + actual.keySet() + " instead of " + expected.keySet());
        }
        return expected.keySet().stream()
                .flatMap(
                        name -> difference(expected.get(name), actual.get(name), tolerance)
                                .map(what -> "output '" + name + "': " + what)
                                .stream())
                .findFirst();
    }

    /**
     * The first difference of a tensor in words, or empty when there is none.
     *
     * @param tolerance as a share of the largest magnitude
     */
    static Optional<String> difference(Tensor expected, Tensor actual, double tolerance) {
        if (expected.type() != actual.type() || !expected.shape().equals(actual.shape())) {
            return Optional.of("is " + form(actual) + " instead of " + form(expected));
        }
        double[] one = Tensors.toDoubles(expected);
        double[] other = Tensors.toDoubles(actual);
        double magnitude = SMALLEST_MAGNITUDE;
        double difference = 0;
        for (int i = 0; i < one.length; i++) {
            if (!Double.isFinite(one[i]) || !Double.isFinite(other[i])) {
                return Optional.of("element " + i + " is " + other[i] + ", expected " + one[i] + ", both finite");
            }
            magnitude = Math.max(magnitude, Math.abs(one[i]));
            difference = Math.max(difference, Math.abs(one[i] - other[i]));
        }
        return difference <= tolerance * magnitude
                ? Optional.empty()
                : Optional.of("differs by " + difference + " where the largest element is " + magnitude);
    }

    private static String form(Tensor tensor) {
        return tensor.type() + tensor.shape().toString();
    }
}
