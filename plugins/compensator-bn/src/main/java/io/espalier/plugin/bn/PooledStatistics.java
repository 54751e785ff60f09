package io.espalier.plugin.bn;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;

/** Mean and population variance of each channel over all batches, updated batch by batch without cancellation. */
final class PooledStatistics {

    private long examples;
    private double[] mean;
    private double[] squares;

    /**
     * Adds a batch.
     *
     * @param count examples in the batch; all examples weigh the same
     * @param batchMean mean of each channel
     * @param batchVariance population variance of each channel
     */
    void add(long count, Tensor batchMean, Tensor batchVariance) {
        double[] means = Tensors.toDoubles(batchMean);
        double[] variances = Tensors.toDoubles(batchVariance);
        if (mean == null) {
            mean = new double[means.length];
            squares = new double[means.length];
        }
        long total = examples + count;
        for (int channel = 0; channel < mean.length; channel++) {
            double difference = means[channel] - mean[channel];
            mean[channel] += difference * count / total;
            squares[channel] += count * variances[channel] + difference * difference * examples * count / total;
        }
        examples = total;
    }

    /** The pooled mean in the type and shape of the value it replaces. */
    Tensor mean(Tensor replaced) {
        return Tensors.fromDoubles(replaced.type(), replaced.shape(), mean);
    }

    /** The pooled variance in the type and shape of the value it replaces. */
    Tensor variance(Tensor replaced) {
        double[] variance = new double[squares.length];
        for (int channel = 0; channel < variance.length; channel++) {
            variance[channel] = squares[channel] / examples;
        }
        return Tensors.fromDoubles(replaced.type(), replaced.shape(), variance);
    }
}
