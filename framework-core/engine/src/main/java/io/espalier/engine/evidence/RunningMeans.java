package io.espalier.engine.evidence;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Means of arrays, by name. */
final class RunningMeans {

    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private int count;

    void add(Map<String, double[]> arrays) {
        arrays.forEach((name, values) -> {
            double[] sum = sums.computeIfAbsent(name, each -> new double[values.length]);
            Arrays.setAll(sum, i -> sum[i] + values[i]);
        });
        count++;
    }

    /** How often arrays were added since means were last taken. */
    int count() {
        return count;
    }

    /** The means since they were last taken. */
    Map<String, double[]> take() {
        Map<String, double[]> means = new LinkedHashMap<>();
        sums.forEach((name, sum) ->
                means.put(name, Arrays.stream(sum).map(each -> each / count).toArray()));
        sums.clear();
        count = 0;
        return means;
    }
}
