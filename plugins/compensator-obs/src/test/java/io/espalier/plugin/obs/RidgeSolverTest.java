package io.espalier.plugin.obs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.Moments;
import io.espalier.spi.compensator.WeightFit;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The solution of a ridge regression, for samples of every kind. */
final class RidgeSolverTest {

    private static final int INPUTS = 5;
    private static final int OUTPUTS = 3;

    private static Optional<LinearMap> solved(double ridge, WeightFit fit) {
        return ObsCompensator.solver(ridge).solve(fit).stream().findFirst();
    }

    /** Moving any weight or bias by a little makes the sum of error and ridge larger. */
    @Test
    void theSolutionIsTheMinimum() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int groups = 1 + random.nextInt(3);
            boolean hasBias = random.nextBoolean();
            WeightFit fit = fit(random, groups, hasBias, samples(random, groups, 40));
            double ridge = Math.pow(10, -random.nextInt(5));

            LinearMap solved = solved(ridge, fit).orElseThrow();

            double least = objective(fit, solved, ridge);
            for (int i = 0; i < solved.weight().length; i++) {
                for (double step : new double[] {-1e-2, 1e-2}) {
                    double[] moved = solved.weight().clone();
                    moved[i] += step;
                    assertThat(objective(fit, new LinearMap(moved, solved.bias()), ridge))
                            .as("seed %d, weight %d", seed, i)
                            .isGreaterThan(least);
                }
            }
            for (int i = 0; i < solved.bias().length && hasBias; i++) {
                for (double step : new double[] {-1e-2, 1e-2}) {
                    double[] moved = solved.bias().clone();
                    moved[i] += step;
                    assertThat(objective(fit, new LinearMap(solved.weight(), moved), ridge))
                            .as("seed %d, bias %d", seed, i)
                            .isGreaterThan(least);
                }
            }
            if (!hasBias) {
                assertThat(solved.bias())
                        .as("seed %d", seed)
                        .isEqualTo(fit.now().bias());
            }
        }
    }

    @Test
    void deadConstantAndCollinearInputsHaveASolution() {
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[][] samples = samples(random, 1, 40);
            for (double[] sample : samples) {
                sample[0] = 0;
                sample[1] = 7;
                sample[3] = 2 * sample[2];
            }
            for (boolean hasBias : new boolean[] {true, false}) {
                WeightFit fit = fit(random, 1, hasBias, samples);

                LinearMap solved = solved(1e-3, fit).orElseThrow();

                assertThat(Arrays.stream(solved.weight()).allMatch(Double::isFinite))
                        .isTrue();
                assertThat(fit.moments().error(solved))
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(fit.moments().error(fit.now()));
            }
        }
    }

    @Test
    void inputsThatAreAlwaysZeroKeepTheirWeights() {
        SplittableRandom random = new SplittableRandom(1);
        double[][] samples = samples(random, 1, 10);
        for (double[] sample : samples) {
            Arrays.fill(sample, 0, INPUTS, 0);
        }
        WeightFit fit = fit(random, 1, false, samples);

        assertThat(solved(1e-3, fit).orElseThrow().weight()).isEqualTo(fit.now().weight());
    }

    @Test
    void numbersThatAreNoneGiveNoSolution() {
        SplittableRandom random = new SplittableRandom(1);
        WeightFit fit = fit(random, 1, true, samples(random, 1, 10));
        fit.moments().gram()[6] = Double.NaN;

        assertThat(solved(1e-3, fit)).isEmpty();
    }

    /** The error of the moments is that of the samples. */
    @Test
    void momentsGiveTheErrorOfTheSamples() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[][] samples = samples(random, 2, 15);
            WeightFit fit = fit(random, 2, true, samples);
            double expected = 0;
            for (double[] sample : samples) {
                for (int row = 0; row < 2 * OUTPUTS; row++) {
                    double value = fit.now().bias()[row] - sample[2 * INPUTS + row];
                    for (int i = 0; i < INPUTS; i++) {
                        value += fit.now().weight()[row * INPUTS + i] * sample[row / OUTPUTS * INPUTS + i];
                    }
                    expected += value * value;
                }
            }
            assertThat(fit.moments().error(fit.now())).as("seed %d", seed).isCloseTo(expected, within(1e-8 * expected));
        }
    }

    /** Rows of the inputs and targets of all groups. */
    private static double[][] samples(SplittableRandom random, int groups, int count) {
        double[][] samples = new double[count][groups * (INPUTS + OUTPUTS)];
        for (double[] sample : samples) {
            Arrays.setAll(sample, i -> random.nextGaussian() + 0.5);
        }
        return samples;
    }

    private static WeightFit fit(SplittableRandom random, int groups, boolean hasBias, double[]... samples) {
        Moments moments = Moments.none(groups, INPUTS, OUTPUTS);
        for (double[] sample : samples) {
            for (int group = 0; group < groups; group++) {
                for (int i = 0; i < INPUTS; i++) {
                    int at = group * INPUTS + i;
                    moments.inputSums()[at] += sample[at];
                    for (int j = 0; j < INPUTS; j++) {
                        moments.gram()[at * INPUTS + j] += sample[at] * sample[group * INPUTS + j];
                    }
                    for (int o = 0; o < OUTPUTS; o++) {
                        moments.cross()[at * OUTPUTS + o] += sample[at] * sample[groups * INPUTS + group * OUTPUTS + o];
                    }
                }
                for (int o = 0; o < OUTPUTS; o++) {
                    int row = group * OUTPUTS + o;
                    moments.targetSums()[row] += sample[groups * INPUTS + row];
                    moments.targetSquares()[row] += Math.pow(sample[groups * INPUTS + row], 2);
                }
            }
        }
        LinearMap now = new LinearMap(
                random.doubles((long) groups * INPUTS * OUTPUTS, -1, 1).toArray(),
                random.doubles((long) groups * OUTPUTS, -1, 1).toArray());
        Moments counted = new Moments(
                groups,
                INPUTS,
                OUTPUTS,
                samples.length,
                moments.gram(),
                moments.cross(),
                moments.inputSums(),
                moments.targetSums(),
                moments.targetSquares());
        return new WeightFit("node", "weight", now, hasBias, counted);
    }

    /** What the solution minimises; with a bias, the ridge counts the mean square of centred inputs. */
    private static double objective(WeightFit fit, LinearMap map, double ridge) {
        Moments moments = fit.moments();
        double objective = moments.error(map);
        for (int group = 0; group < moments.groups(); group++) {
            double mean = 0;
            for (int i = 0; i < INPUTS; i++) {
                int at = group * INPUTS + i;
                double sum = moments.inputSums()[at];
                mean += (moments.gram()[at * INPUTS + i] - (fit.hasBias() ? sum * sum / moments.samples() : 0))
                        / INPUTS;
            }
            for (int i = group * OUTPUTS * INPUTS; i < (group + 1) * OUTPUTS * INPUTS; i++) {
                objective += ridge * mean * Math.pow(map.weight()[i] - fit.now().weight()[i], 2);
            }
        }
        return objective;
    }

    /** Blocks, and what is left over beside them, in sizes around those of a block. */
    @Test
    void factorsOfEverySizeSolve() {
        for (int size : new int[] {1, 3, 31, 63, 64, 65, 127, 130, 200}) {
            SplittableRandom random = new SplittableRandom(size);
            double[] matrix = new double[size * size];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < i; j++) {
                    matrix[i * size + j] = matrix[j * size + i] = random.nextDouble(-1, 1);
                }
                matrix[i * size + i] = size;
            }
            double[][] sides = new double[35][size];
            double[][] solved = new double[35][];
            for (int k = 0; k < sides.length; k++) {
                Arrays.setAll(sides[k], i -> random.nextGaussian());
                solved[k] = sides[k].clone();
            }

            Cholesky.of(matrix.clone(), size, 0.5).orElseThrow().solve(solved);

            for (int k = 0; k < sides.length; k++) {
                for (int i = 0; i < size; i++) {
                    double found = 0.5 * solved[k][i];
                    for (int j = 0; j < size; j++) {
                        found += matrix[i * size + j] * solved[k][j];
                    }
                    assertThat(found).as("size %d", size).isCloseTo(sides[k][i], within(1e-9));
                }
            }
        }
    }
}
