package io.espalier.engine.data;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of an input that Adam changes in place (Kingma and Ba, arXiv 1412.6980, algorithm 1), by less and less: the rate falls to
 * zero as half a cosine.
 */
final class AdamInput {

    private static final double RATE = 0.1;
    private static final double FIRST = 0.9;
    private static final double SECOND = 0.999;
    private static final double EPSILON = 1e-8;

    private final float[] all;
    private final int offset;
    private final List<Long> shape;
    private final double[] mean;
    private final double[] square;
    private final int last;
    private int steps;

    /**
     * The rows of an array.
     *
     * @param row extents of a row
     * @param from the first row
     * @param to the row behind the last
     * @param last number of steps
     */
    AdamInput(float[] all, List<Long> row, int from, int to, int last) {
        int width = Math.toIntExact(row.stream().reduce(1L, Math::multiplyExact));
        this.all = all;
        this.last = last;
        this.offset = from * width;
        this.shape = new ArrayList<>(List.of((long) to - from));
        shape.addAll(row);
        this.mean = new double[(to - from) * width];
        this.square = new double[mean.length];
    }

    Tensor tensor() {
        return Tensors.floats(shape, Arrays.copyOfRange(all, offset, offset + mean.length));
    }

    void step(float[] gradient) {
        double rate = RATE * (1 + Math.cos(Math.PI * steps / last)) / 2;
        steps++;
        double first = 1 - Math.pow(FIRST, steps);
        double second = 1 - Math.pow(SECOND, steps);
        for (int i = 0; i < mean.length; i++) {
            mean[i] = FIRST * mean[i] + (1 - FIRST) * gradient[i];
            square[i] = SECOND * square[i] + (1 - SECOND) * gradient[i] * gradient[i];
            all[offset + i] -= (float) (rate * (mean[i] / first) / (Math.sqrt(square[i] / second) + EPSILON));
        }
    }
}
