package io.espalier.plugin.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingEvidence;
import io.espalier.testkit.TestingEvidence.Reader;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReconstructionCriteriaTest {

    private static final double RIDGE = 1e-3;

    abstract static class Contract extends ChannelCriterionContract {
        @Override
        protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
            return TestingEvidence.ofActivations();
        }
    }

    private static double[] scoresOf(ReadersCriterion criterion, int channels, List<WeightInputs> readers) {
        Options options = Options.resolve("test", criterion.options(), Map.of());
        return criterion.score(channels, readers, new TestingScoringContext(new TestingRunContext(1), options));
    }

    /** What greedy removal scores, when the error of removing a set of channels is this. */
    private static double[] greedy(int channels, ToDoubleFunction<List<Integer>> error) {
        double[] scores = new double[channels];
        List<Integer> removed = new ArrayList<>();
        double highest = 0;
        while (removed.size() < channels) {
            double before = error.applyAsDouble(removed);
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int channel = 0; channel < channels; channel++) {
                if (!removed.contains(channel)) {
                    removed.add(channel);
                    double added = error.applyAsDouble(removed) - before;
                    removed.remove((Integer) channel);
                    best = added < least ? channel : best;
                    least = Math.min(least, added);
                }
            }
            highest = Math.max(highest, least);
            scores[best] = highest;
            removed.add(best);
        }
        return scores;
    }

    private static void assertClose(double[] scores, double[] expected, long seed) {
        for (int channel = 0; channel < scores.length; channel++) {
            assertThat(scores[channel])
                    .as("seed %d, %s and %s", seed, Arrays.toString(scores), Arrays.toString(expected))
                    .isCloseTo(expected[channel], within(1e-6 * (1e-3 + Math.abs(expected[channel]))));
        }
    }

    @Nested
    class Obs extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new ObsCriterion();
        }

        /** The refit that costs least, found by elimination: the Schur complement of what is left. */
        @Test
        void scoresAreWhatRefittingCannotRepair() {
            for (long seed = 0; seed < 20; seed++) {
                int channels = 2 + (int) seed % 4;
                Reader one = Reader.random(channels, 2, seed);
                Reader two = Reader.random(channels, 1, seed + 100);

                double[] scores = scoresOf(new ObsCriterion(), channels, List.of(one.inputs(), two.inputs()));

                assertClose(scores, greedy(channels, removed -> refitted(one, removed) + refitted(two, removed)), seed);
            }
        }

        /** What {@code --normalise none --allocator per-cost} spends: the error that is left at each width. */
        @Test
        void theSumOfTheLowestIsTheErrorLeftAtThatWidth() {
            for (long seed = 0; seed < 20; seed++) {
                int channels = 2 + (int) seed % 4;
                Reader one = Reader.random(channels, 2, seed);
                Reader two = Reader.random(channels, 1, seed + 100);
                double[] scores = scoresOf(new ObsCriterion(), channels, List.of(one.inputs(), two.inputs()));
                List<Integer> order = IntStream.range(0, channels)
                        .boxed()
                        .sorted(Comparator.comparingDouble(channel -> scores[channel]))
                        .toList();
                double sum = 0;
                boolean isExact = true;
                for (int width = 1; width <= channels; width++) {
                    double score = scores[order.get(width - 1)];
                    sum += score;
                    if (width < channels && scores[order.get(width)] == score) {
                        // The next channel cost less than this one and scores no less: the sum is a little more than
                        // the error.
                        isExact = false;
                        continue;
                    }
                    List<Integer> removed = order.subList(0, width);
                    double left = refitted(one, removed) + refitted(two, removed);

                    assertThat(sum).as("seed %d", seed).isGreaterThanOrEqualTo(left - 1e-6);
                    if (isExact) {
                        assertThat(sum).as("seed %d", seed).isCloseTo(left, within(1e-6));
                    }
                }
            }
        }

        private double refitted(Reader reader, List<Integer> removed) {
            double[][] moments = moments(reader);
            double energy = quadratic(reader, moments, i -> true);
            int size = moments.length;
            double mean =
                    IntStream.range(0, size).mapToDouble(i -> moments[i][i]).sum() / size;
            for (int i = 0; i < size; i++) {
                moments[i][i] += RIDGE * mean;
            }
            for (int i = 0; i < size; i++) {
                if (!removed.contains(reader.channels()[i])) {
                    eliminate(moments, i);
                }
            }
            return quadratic(reader, moments, i -> removed.contains(reader.channels()[i])) / energy;
        }

        private double[][] moments(Reader reader) {
            WeightInputs inputs = reader.inputs();
            int size = inputs.inputs();
            double[][] moments = new double[size][size];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    moments[i][j] = inputs.gram()[i * size + j]
                            - (reader.hasBias() ? inputs.sums()[i] * inputs.sums()[j] / inputs.samples() : 0);
                }
            }
            return moments;
        }

        private void eliminate(double[][] matrix, int at) {
            double[] row = matrix[at].clone();
            for (int i = 0; i < matrix.length; i++) {
                double factor = matrix[i][at] / row[at];
                for (int j = 0; j < matrix.length && i != at; j++) {
                    matrix[i][j] -= factor * row[j];
                }
            }
        }

        private double quadratic(Reader reader, double[][] moments, java.util.function.IntPredicate counts) {
            double sum = 0;
            for (double[] row : reader.weight()) {
                for (int i = 0; i < row.length; i++) {
                    for (int j = 0; j < row.length; j++) {
                        sum += counts.test(i) && counts.test(j) ? row[i] * moments[i][j] * row[j] : 0;
                    }
                }
            }
            return sum;
        }

        @Test
        void aCopyOfAnotherChannelIsFree() {
            Reader random = Reader.random(4, 1, 3);
            for (double[] sample : random.samples()) {
                sample[2] = 2 * sample[0];
            }
            double[] scores = scoresOf(new ObsCriterion(), 4, List.of(random.inputs()));
            double least = Arrays.stream(scores).min().orElseThrow();
            assertThat(Math.min(scores[0], scores[2])).isEqualTo(least).isLessThan(1e-2 * scores[1]);
        }
    }

    @Nested
    class Thinet extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new ThinetCriterion();
        }

        @Test
        void scoresAreTheErrorOfTheOutputs() {
            for (long seed = 0; seed < 20; seed++) {
                int channels = 2 + (int) seed % 5;
                Reader reader = Reader.random(channels, 2, seed);

                double[] scores = scoresOf(new ThinetCriterion(), channels, List.of(reader.inputs()));

                assertClose(
                        scores,
                        greedy(
                                channels,
                                removed -> error(reader, removed)
                                        / error(
                                                reader,
                                                IntStream.range(-1, channels)
                                                        .boxed()
                                                        .toList())),
                        seed);
            }
        }
    }

    /** The squared error of the outputs without some channels. */
    private static double error(Reader reader, List<Integer> removed) {
        double error = 0;
        for (double[] sample : reader.samples()) {
            for (double[] row : reader.weight()) {
                double lost = 0;
                for (int i = 0; i < row.length; i++) {
                    lost += removed.contains(reader.channels()[i]) ? row[i] * sample[i] : 0;
                }
                error += lost * lost;
            }
        }
        return error;
    }

    @Nested
    class ChannelLasso extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new ChannelLassoCriterion();
        }

        /** Contributions that do not overlap are given up one by one, each at its own energy. */
        @Test
        void independentChannelsAreGivenUpAtTheirEnergy() {
            double[][] samples = {{1, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 3, 0}, {0, 0, 0, 1}};
            Reader reader = new Reader(new int[] {0, 1, 2, -1}, new double[][] {{1, 1, 1, 1}}, samples, false);

            double[] scores = scoresOf(new ChannelLassoCriterion(), 3, List.of(reader.inputs()));

            for (int channel = 0; channel < 3; channel++) {
                double energy = Math.pow(channel + 1, 2) / 15;
                assertThat(scores[channel]).isBetween(energy * 0.85, energy * 1.2);
            }
        }
    }

    @Nested
    class WandaSp extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new WandaSpCriterion();
        }

        @Test
        void weightsCountTimesTheNormOfTheirInputs() {
            Reader reader = Reader.random(3, 2, 7);
            double[] expected = new double[3];
            for (int i = 0; i < 6; i++) {
                int input = i;
                double norm = Math.sqrt(Arrays.stream(reader.samples())
                                .mapToDouble(sample -> sample[input] * sample[input])
                                .sum()
                        / reader.samples().length);
                for (double[] row : reader.weight()) {
                    expected[i / 2] += Math.abs(row[i]) * norm;
                }
            }
            assertClose(scoresOf(new WandaSpCriterion(), 3, List.of(reader.inputs())), expected, 7);
        }
    }

    @Nested
    class Flap extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new FlapCriterion();
        }

        @Test
        void whatDoesNotFluctuateIsFree() {
            Reader reader = Reader.random(3, 1, 8);
            for (double[] sample : reader.samples()) {
                sample[1] = 5;
            }
            double[] scores = scoresOf(new FlapCriterion(), 3, List.of(reader.inputs()));
            double mean = Arrays.stream(reader.samples())
                    .mapToDouble(sample -> sample[0])
                    .average()
                    .orElseThrow();
            double variance = Arrays.stream(reader.samples())
                    .mapToDouble(sample -> Math.pow(sample[0] - mean, 2))
                    .average()
                    .orElseThrow();
            double squares = Arrays.stream(reader.weight())
                    .mapToDouble(row -> row[0] * row[0])
                    .sum();
            assertThat(scores[1]).isCloseTo(0, within(1e-9));
            assertThat(scores[0]).isCloseTo(variance * squares, within(1e-9 * variance * squares));
        }
    }
}
