package io.espalier.engine.recover;

import io.espalier.spi.RunContext;
import java.util.random.RandomGenerator;

/**
 * Chooses samples of a batch, spread evenly: the batch is divided into as many stretches as are wanted, and one sample is
 * drawn from each. What is drawn depends on the seed of the run, the node and the batch alone.
 *
 * @param each samples of each example at most; 0 takes all
 */
record Rows(int each, RunContext run) {

    /**
     * The samples of a batch, in ascending order.
     *
     * @param node first output of the node
     * @param samples how many the batch has
     */
    long[] of(String node, int batch, long examples, long samples) {
        int wanted = (int) Math.min(samples, each == 0 ? samples : Math.multiplyExact(each, examples));
        RandomGenerator random = run.random("recovery", node + '\n' + batch);
        long[] rows = new long[wanted];
        for (int i = 0; i < wanted; i++) {
            long from = samples * i / wanted;
            long to = samples * (i + 1) / wanted;
            rows[i] = wanted == samples ? i : random.nextLong(from, to);
        }
        return rows;
    }
}
