package io.espalier.engine.evidence;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up the squares of what gradients of single examples say. */
final class SampleGradients {

    private final boolean wantsSquares;
    private final Map<String, double[]> squares = new LinkedHashMap<>();
    private final Map<String, Map<Integer, double[]>> slices = new LinkedHashMap<>();
    private long all;

    /**
     * Starts with nothing.
     *
     * @param wantsSquares whether squares of elements are held, besides those of slices
     */
    SampleGradients(boolean wantsSquares) {
        this.wantsSquares = wantsSquares;
    }

    /** Takes the gradient of an example by one parameter. */
    void add(String parameter, Tensor weight, double[] gradient) {
        if (wantsSquares) {
            addTo(squares, parameter, squared(gradient));
        }
        double[] products = Slices.products(weight, gradient);
        List<Long> shape = weight.shape();
        Map<Integer, double[]> byAxis = slices.computeIfAbsent(parameter, name -> new LinkedHashMap<>());
        for (int axis = 0; axis < shape.size(); axis++) {
            addTo(byAxis, axis, squared(Slices.sums(products, shape, axis)));
        }
    }

    private static double[] squared(double[] values) {
        return Arrays.stream(values).map(each -> each * each).toArray();
    }

    private static <K> void addTo(Map<K, double[]> totals, K key, double[] values) {
        double[] total = totals.computeIfAbsent(key, each -> new double[values.length]);
        Arrays.setAll(total, i -> total[i] + values[i]);
    }

    /** Ends an example. */
    void next() {
        all++;
    }

    /** Number of all examples. */
    long all() {
        return all;
    }

    /** Sums over all examples of the squares of elements. */
    Map<String, double[]> squares() {
        return squares;
    }

    /** Means over all examples of the squares of the sums of slices. */
    double[] fisher(ParameterAxis axis) {
        double[] sums = slices.getOrDefault(axis.parameter(), Map.of()).getOrDefault(axis.axis(), new double[0]);
        return Arrays.stream(sums).map(each -> each / all).toArray();
    }
}
