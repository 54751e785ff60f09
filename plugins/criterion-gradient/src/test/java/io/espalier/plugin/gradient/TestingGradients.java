package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.SliceGradients;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Sums of weight times gradient that follow from the name of the parameter. */
final class TestingGradients {

    private static final int BATCHES = 3;

    private TestingGradients() {}

    static Map<Evidence<?>, Object> ofSlices() {
        SliceGradients slices = axis -> IntStream.range(0, BATCHES)
                .mapToObj(batch -> new SplittableRandom(31L * axis.parameter().hashCode() + batch)
                        .doubles(axis.size(), -1, 1)
                        .toArray())
                .toList();
        return Map.of(Evidence.SLICE_GRADIENTS, slices);
    }

    /** Two batches. */
    static Map<Evidence<?>, Object> of(double[] first, double[] second) {
        SliceGradients slices = axis -> List.of(first, second);
        return Map.of(Evidence.SLICE_GRADIENTS, slices);
    }
}
