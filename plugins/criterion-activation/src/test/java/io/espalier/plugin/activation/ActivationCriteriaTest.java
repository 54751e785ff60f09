package io.espalier.plugin.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ActivationStatistics;
import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.Evidence;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingEvidence;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ActivationCriteriaTest {

    private static final ActivationStatistics STATISTICS = new ActivationStatistics(
            "value", new double[] {-1, 0}, new double[] {1, 3}, new double[] {2, 9}, new double[] {0.25, 0});

    abstract static class Contract extends ChannelCriterionContract {
        @Override
        protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
            return TestingEvidence.ofActivations();
        }
    }

    @Nested
    class MeanActivation extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new MeanActivationCriterion();
        }

        @Test
        void magnitudesCount() {
            assertThat(new MeanActivationCriterion().score(STATISTICS)).containsExactly(1, 3);
        }
    }

    @Nested
    class Apoz extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new ApozCriterion();
        }

        @Test
        void whatIsNeverZeroMattersMost() {
            assertThat(new ApozCriterion().score(STATISTICS)).containsExactly(0.75, 1);
        }
    }

    @Nested
    class Hrank extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new HrankCriterion();
        }

        @Test
        void productsOfThinMatricesHaveTheirRank() {
            for (long seed = 0; seed < 50; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                int rows = 1 + random.nextInt(20);
                int columns = 1 + random.nextInt(20);
                int rank = random.nextInt(Math.min(rows, columns) + 1);
                double[] left = random.doubles((long) rows * rank, -1, 1).toArray();
                double[] right = random.doubles((long) columns * rank, -1, 1).toArray();
                float[] product = new float[rows * columns];
                for (int i = 0; i < product.length; i++) {
                    double sum = 0;
                    for (int k = 0; k < rank; k++) {
                        sum += left[i / columns * rank + k] * right[i % columns * rank + k];
                    }
                    product[i] = (float) sum;
                }
                assertThat(MatrixRank.of(product, columns)).as("seed %d", seed).isEqualTo(rank);
            }
        }
    }

    @Nested
    class Chip extends Contract {
        @Override
        protected ChannelCriterion criterion() {
            return new ChipCriterion();
        }

        @Test
        void theFallOfTheNuclearNormIsTheDefinition() {
            for (long seed = 0; seed < 30; seed++) {
                int channels = 1 + (int) seed % 9;
                float[][] maps =
                        TestingEvidence.maps(channels, 2, 3, seed).maps().get(0);
                double[] scores = new ChipCriterion().score(maps, 3);
                double whole = nuclearNorm(maps);
                for (int channel = 0; channel < channels; channel++) {
                    float[][] masked = maps.clone();
                    masked[channel] = new float[maps[channel].length];
                    assertThat(scores[channel])
                            .as("seed %d", seed)
                            .isCloseTo(whole - nuclearNorm(masked), within(1e-6 * whole));
                }
            }
        }

        /** Rotates pairs of rows until all are orthogonal (Jacobi); their lengths are the singular values. */
        private double nuclearNorm(float[][] matrix) {
            double[][] rows = new double[matrix.length][matrix[0].length];
            for (int i = 0; i < rows.length; i++) {
                for (int k = 0; k < rows[i].length; k++) {
                    rows[i][k] = matrix[i][k];
                }
            }
            for (int sweep = 0; sweep < 60; sweep++) {
                for (int i = 0; i < rows.length; i++) {
                    for (int j = 0; j < i; j++) {
                        double angle =
                                Math.atan2(2 * dot(rows[i], rows[j]), dot(rows[i], rows[i]) - dot(rows[j], rows[j]))
                                        / 2;
                        for (int k = 0; k < rows[i].length; k++) {
                            double one = rows[i][k];
                            rows[i][k] = Math.cos(angle) * one + Math.sin(angle) * rows[j][k];
                            rows[j][k] = Math.cos(angle) * rows[j][k] - Math.sin(angle) * one;
                        }
                    }
                }
            }
            double norm = 0;
            for (double[] row : rows) {
                norm += Math.sqrt(dot(row, row));
            }
            return norm;
        }

        private double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
    }
}
