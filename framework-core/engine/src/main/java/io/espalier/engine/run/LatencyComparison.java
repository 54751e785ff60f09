package io.espalier.engine.run;

import io.espalier.spi.RunContext;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * Median latencies of two models, measured in turn so that both see the same weather.
 *
 * @param originalNanos median of the original
 * @param prunedNanos median of the pruned model
 * @param lowRatio pruned through original in neighbouring runs: a quarter of them were below
 * @param highRatio the same: a quarter of them were above
 * @param runs timed runs of each
 */
public record LatencyComparison(long originalNanos, long prunedNanos, double lowRatio, double highRatio, int runs) {

    /** Pruned through original; below 1 is faster. */
    public double ratio() {
        return (double) prunedNanos / originalNanos;
    }

    /** Measures two models on the same inputs. */
    static LatencyComparison measure(
            Runner original, Runner pruned, Map<String, Tensor> inputs, LatencyOptions options, RunContext context) {
        long deadline = System.nanoTime() + (long) (options.seconds() * 1e9);
        for (int i = 0; i < options.warmUp() && System.nanoTime() < deadline; i++) {
            context.checkCancelled();
            original.run(inputs);
            pruned.run(inputs);
        }
        long[] before = new long[options.runs()];
        long[] after = new long[options.runs()];
        int runs = 0;
        while (runs < options.runs() && (runs == 0 || System.nanoTime() < deadline)) {
            context.progress("measuring latency", runs, options.runs());
            // Who goes first alternates too.
            boolean originalFirst = runs % 2 == 0;
            long first = time(originalFirst ? original : pruned, inputs);
            long second = time(originalFirst ? pruned : original, inputs);
            before[runs] = originalFirst ? first : second;
            after[runs] = originalFirst ? second : first;
            runs++;
        }
        double[] ratios = ratios(before, after, runs);
        return new LatencyComparison(
                median(before, runs), median(after, runs), ratios[runs / 4], ratios[runs - 1 - runs / 4], runs);
    }

    /** Pruned through original for each pair of neighbouring runs, in ascending order. */
    private static double[] ratios(long[] before, long[] after, int runs) {
        double[] ratios = new double[runs];
        Arrays.setAll(ratios, run -> (double) after[run] / before[run]);
        Arrays.sort(ratios);
        return ratios;
    }

    private static long time(Runner runner, Map<String, Tensor> inputs) {
        return Math.max(1, runner.time(inputs).toNanos());
    }

    private static long median(long[] times, int count) {
        long[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
    }
}
