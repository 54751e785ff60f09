package io.espalier.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.events.v1.LossReported;
import java.util.Arrays;

/**
 * The losses of one training in bounded memory: when it is full, every second one is dropped, and from then on only every
 * second is taken. Not thread-safe.
 */
final class LossCurve {

    static final int MAX_POINTS = 256;
    static final int POINT_BYTES = Long.BYTES + Double.BYTES;

    private long[] steps = new long[16];
    private double[] values = new double[16];
    private int count;
    private long reported;
    private long stride = 1;

    void take(LossReported loss) {
        long number = reported++;
        if (count == MAX_POINTS) {
            thin();
        }
        if (number % stride != 0) {
            return;
        }
        if (count == steps.length) {
            steps = Arrays.copyOf(steps, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        steps[count] = loss.getStep();
        values[count] = loss.getLoss();
        count++;
    }

    private void thin() {
        count = MAX_POINTS / 2;
        for (int i = 0; i < count; i++) {
            steps[i] = steps[2 * i];
            values[i] = values[2 * i];
        }
        stride *= 2;
    }

    int bytes() {
        return steps.length * POINT_BYTES;
    }

    /** Adds pairs of step and loss; a loss that is no number is null. */
    void addTo(ArrayNode points) {
        for (int i = 0; i < count; i++) {
            points.addArray().add(steps[i]).add(RunSummary.finite(values[i]));
        }
    }
}
