package io.espalier.testkit;

import io.espalier.spi.criterion.ActivationMaps;
import io.espalier.spi.criterion.ActivationStatistics;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.criterion.WeightInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Evidence drawn at random, the same for groups of the same name and size. */
public final class TestingEvidence {

    private TestingEvidence() {}

    /** Evidence of every kind that is measured on activations. */
    public static Map<Evidence<?>, Object> ofActivations() {
        GroupEvidence<ActivationStatistics> statistics = group -> List.of(
                statistics(group.size(), seed(group.name(), 1)), statistics(group.size(), seed(group.name(), 2)));
        GroupEvidence<ActivationMaps> maps = group -> List.of(maps(group.size(), 4, 5, seed(group.name(), 3)));
        GroupEvidence<WeightInputs> inputs = group -> List.of(
                Reader.random(group.size(), 3, seed(group.name(), 4)).inputs(),
                Reader.random(group.size(), 1, seed(group.name(), 5)).inputs());
        return Map.of(
                Evidence.ACTIVATION_STATISTICS, statistics,
                Evidence.ACTIVATION_MAPS, maps,
                Evidence.WEIGHT_INPUTS, inputs);
    }

    private static long seed(String name, int kind) {
        return 31L * name.hashCode() + kind;
    }

    private static ActivationStatistics statistics(int channels, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new ActivationStatistics(
                "value",
                random.doubles(channels, -1, 1).toArray(),
                random.doubles(channels, 1, 2).toArray(),
                random.doubles(channels, 4, 5).toArray(),
                random.doubles(channels).toArray());
    }

    /** Maps of two examples. */
    public static ActivationMaps maps(int channels, int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[][]> maps = new ArrayList<>();
        for (int example = 0; example < 2; example++) {
            float[][] all = new float[channels][rows * columns];
            for (float[] map : all) {
                IntStream.range(0, map.length).forEach(i -> map[i] = (float) random.nextGaussian());
            }
            maps.add(all);
        }
        return new ActivationMaps("value", columns, maps);
    }

    /**
     * A weight with the samples it is multiplied with.
     *
     * @param channels the channel of each input
     * @param weight elements by output and input
     * @param samples elements by sample and input
     * @param hasBias whether a recovery can change what is added to the outputs
     */
    public record Reader(int[] channels, double[][] weight, double[][] samples, boolean hasBias) {

        /** A weight of three outputs that reads so many inputs of every channel, and one of none. */
        public static Reader random(int channels, int each, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            int inputs = channels * each + 1;
            double[][] mixed = normal(random, inputs, inputs);
            double[][] samples = normal(random, 3 * inputs + 5, inputs);
            for (double[] sample : samples) {
                double[] drawn = sample.clone();
                for (int i = 0; i < inputs; i++) {
                    int row = i;
                    sample[i] = Math.max(
                            0,
                            IntStream.range(0, inputs)
                                    .mapToDouble(j -> mixed[row][j] * drawn[j])
                                    .sum());
                }
            }
            int[] owners = IntStream.range(0, inputs)
                    .map(i -> i < channels * each ? i / each : -1)
                    .toArray();
            return new Reader(owners, normal(random, 3, inputs), samples, random.nextBoolean());
        }

        private static double[][] normal(SplittableRandom random, int rows, int columns) {
            double[][] values = new double[rows][columns];
            for (double[] row : values) {
                IntStream.range(0, columns).forEach(i -> row[i] = random.nextGaussian());
            }
            return values;
        }

        /** What a run would measure. */
        public WeightInputs inputs() {
            int size = channels.length;
            double[] gram = new double[size * size];
            double[] sums = new double[size];
            for (double[] sample : samples) {
                for (int i = 0; i < size; i++) {
                    sums[i] += sample[i];
                    for (int j = 0; j < size; j++) {
                        gram[i * size + j] += sample[i] * sample[j];
                    }
                }
            }
            double[] matrix = IntStream.range(0, weight.length * size)
                    .mapToDouble(i -> weight[i / size][i % size])
                    .toArray();
            return new WeightInputs(
                    "node", "weight", 1, size, weight.length, channels, matrix, hasBias, samples.length, gram, sums);
        }
    }
}
