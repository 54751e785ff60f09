package io.espalier.engine.evidence;

import io.espalier.spi.criterion.ActivationStatistics;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Sums over the elements of each class in a value. Not thread-safe. */
final class ValueStatistics {

    private final ValueChannels channels;
    private final double[] counts;
    private final double[] sums;
    private final double[] magnitudes;
    private final double[] squares;
    private final double[] zeros;

    ValueStatistics(ValueChannels channels) {
        int size = channels.classes().size();
        this.channels = channels;
        this.counts = new double[size];
        this.sums = new double[size];
        this.magnitudes = new double[size];
        this.squares = new double[size];
        this.zeros = new double[size];
    }

    void add(int place, double element) {
        counts[place]++;
        sums[place] += element;
        magnitudes[place] += Math.abs(element);
        squares[place] += element * element;
        zeros[place] += element == 0 ? 1 : 0;
    }

    /** The statistics of the channels that lie at some places. */
    ActivationStatistics of(int... places) {
        return new ActivationStatistics(
                channels.value(),
                each(places, place -> sums[place] / counts[place]),
                each(places, place -> magnitudes[place] / counts[place]),
                each(places, place -> squares[place] / counts[place]),
                each(places, place -> zeros[place] / counts[place]));
    }

    /** Whether every class had an element. */
    boolean isComplete() {
        return Arrays.stream(counts).allMatch(count -> count > 0);
    }

    private static double[] each(int[] places, IntToDoubleFunction of) {
        return Arrays.stream(places).mapToDouble(of).toArray();
    }
}
