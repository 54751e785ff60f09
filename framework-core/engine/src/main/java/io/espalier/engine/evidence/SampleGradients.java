package io.espalier.engine.evidence;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what gradients of single examples say: squares over all of them, and means over the latest. */
final class SampleGradients {

    private final boolean wantsSquares;
    private final Map<String, double[]> latest = new LinkedHashMap<>();
    private final Map<String, double[]> squares = new LinkedHashMap<>();
    private final Map<String, Map<Integer, double[]>> slices = new LinkedHashMap<>();
    private int count;
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
        addTo(latest, parameter, gradient);
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
        count++;
        all++;
    }

    /** Number of examples since means were last taken. */
    int count() {
        return count;
    }

    /** Number of all examples. */
    long all() {
        return all;
    }

    /** The means of the gradients of the examples since they were last taken. */
    Map<String, double[]> takeMeans() {
        Map<String, double[]> means = new LinkedHashMap<>();
        latest.forEach((name, sum) ->
                means.put(name, Arrays.stream(sum).map(each -> each / count).toArray()));
        latest.clear();
        count = 0;
        return means;
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
