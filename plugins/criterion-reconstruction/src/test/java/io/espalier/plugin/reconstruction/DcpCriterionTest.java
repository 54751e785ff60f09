package io.espalier.plugin.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.Discrimination;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingEvidence;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy selection, against a solution of the whole quadratic form after each channel. */
class DcpCriterionTest extends ChannelCriterionContract {

    private static final double LAMBDA = 1.5;
    private static final double RIDGE = 1e-2;

    /** Gradients and moments drawn at random, the same for readers of the same size. */
    private record Random() implements Discrimination {

        @Override
        public double[] gradient(WeightInputs reader) {
            return new SplittableRandom(1)
                    .doubles((long) reader.groups() * reader.outputs() * reader.inputs(), -1, 1)
                    .toArray();
        }

        @Override
        public double[] outputMoments(WeightInputs reader) {
            int outputs = reader.outputs();
            double[] factors = new SplittableRandom(2)
                    .doubles((long) outputs * outputs, -1, 1)
                    .toArray();
            double[] moments = new double[reader.groups() * outputs * outputs];
            Arrays.setAll(
                    moments,
                    at -> IntStream.range(0, outputs)
                            .mapToDouble(k ->
                                    factors[at / outputs % outputs * outputs + k] * factors[at % outputs * outputs + k])
                            .sum());
            return moments;
        }
    }

    @Override
    protected ChannelCriterion criterion() {
        return new DcpCriterion();
    }

    @Override
    protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
        Map<Evidence<?>, Object> all = new LinkedHashMap<>(TestingEvidence.ofActivations());
        all.put(Evidence.DISCRIMINATION, new Random());
        return all;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void selectsWhatTheGradientNamesAndOptimisesAll(long seed) {
        int channels = 4;
        WeightInputs reader = TestingEvidence.Reader.random(channels, 2, seed).inputs();
        TestingChannelGroup group = new TestingChannelGroup("group", channels, List.of());
        GroupEvidence<WeightInputs> inputs = each -> List.of(reader);
        Options options = Options.resolve(
                "dcp",
                new DcpCriterion().options(),
                Map.of("lambda", Double.toString(LAMBDA), "ridge", Double.toString(RIDGE)));
        double[] scores = new DcpCriterion()
                .score(
                        group,
                        new TestingScoringContext(
                                new TestingRunContext(1),
                                options,
                                List.of(group),
                                Map.of(Evidence.WEIGHT_INPUTS, inputs, Evidence.DISCRIMINATION, new Random())));

        Whole whole = new Whole(reader);
        List<Integer> selected = new ArrayList<>();
        double[] gains = new double[channels];
        for (int step = 0; step < channels; step++) {
            double[] gradient = whole.gradient(whole.optimum(selected));
            int next = IntStream.range(0, channels)
                    .filter(each -> !selected.contains(each))
                    .boxed()
                    .max(Comparator.comparingDouble(each -> whole.norm(gradient, each)))
                    .orElseThrow();
            double before = whole.loss(whole.optimum(selected));
            selected.add(next);
            gains[next] = before - whole.loss(whole.optimum(selected));
        }
        for (int step = channels - 2; step >= 0; step--) {
            gains[selected.get(step)] = Math.max(gains[selected.get(step)], gains[selected.get(step + 1)]);
        }
        assertThat(scores).as("seed %d", seed).containsExactly(gains, within(1e-9));
    }

    /** The loss of all changes of a weight at once: a quadratic form over pairs of outputs and inputs. */
    private static final class Whole {

        private final WeightInputs reader;
        private final int size;
        private final double[][] form;
        /** On the weights that are selected. */
        private final double[][] penalty;

        private final double[] slope;

        Whole(WeightInputs reader) {
            this.reader = reader;
            this.size = reader.outputs() * reader.inputs();
            double[] curvature = new Random().outputMoments(reader);
            this.slope = Arrays.stream(new Random().gradient(reader))
                    .map(each -> LAMBDA * each)
                    .toArray();
            this.form = new double[size][size];
            this.penalty = new double[size][size];
            double mean = IntStream.range(0, reader.inputs())
                    .mapToDouble(i -> moment(i, i))
                    .average()
                    .orElseThrow();
            for (int row = 0; row < size; row++) {
                for (int column = 0; column < size; column++) {
                    int o = row / reader.inputs();
                    int p = column / reader.inputs();
                    int i = row % reader.inputs();
                    int j = column % reader.inputs();
                    double metric =
                            LAMBDA * curvature[o * reader.outputs() + p] + (o == p ? 1.0 / reader.outputs() : 0);
                    form[row][column] = metric * moment(i, j);
                    penalty[row][column] = i == j ? RIDGE * mean * metric : 0;
                }
            }
        }

        private double moment(int i, int j) {
            return reader.gram()[i * reader.inputs() + j] / reader.samples();
        }

        private boolean isFree(int place, List<Integer> selected) {
            return selected.contains(reader.channels()[place % reader.inputs()]);
        }

        /** Where nothing is selected the change is the negative weight, except of inputs that belong to no channel. */
        double[] nothing() {
            double[] change = new double[size];
            Arrays.setAll(change, at -> reader.channels()[at % reader.inputs()] < 0 ? 0 : -reader.matrix()[at]);
            return change;
        }

        double[] optimum(List<Integer> selected) {
            double[] change = nothing();
            int[] free =
                    IntStream.range(0, size).filter(at -> isFree(at, selected)).toArray();
            double[] start = gradient(change);
            double[][] system = new double[free.length][free.length + 1];
            for (int row = 0; row < free.length; row++) {
                for (int column = 0; column < free.length; column++) {
                    system[row][column] = form[free[row]][free[column]] + penalty[free[row]][free[column]];
                }
                system[row][free.length] = -start[free[row]];
            }
            double[] added = solved(system);
            for (int i = 0; i < free.length; i++) {
                change[free[i]] += added[i];
            }
            return change;
        }

        private static double[] solved(double[][] system) {
            int count = system.length;
            for (int k = 0; k < count; k++) {
                for (int row = 0; row < count; row++) {
                    double factor = row == k ? 0 : system[row][k] / system[k][k];
                    for (int column = k; column <= count && factor != 0; column++) {
                        system[row][column] -= factor * system[k][column];
                    }
                }
            }
            return IntStream.range(0, count)
                    .mapToDouble(k -> system[k][count] / system[k][k])
                    .toArray();
        }

        /** The gradient by the change; the penalty on what is selected has none along what is not. */
        double[] gradient(double[] change) {
            double[] gradient = slope.clone();
            Arrays.setAll(gradient, row -> gradient[row] + product(form[row], change));
            return gradient;
        }

        double norm(double[] gradient, int channel) {
            return IntStream.range(0, size)
                    .filter(at -> reader.channels()[at % reader.inputs()] == channel)
                    .mapToDouble(at -> gradient[at] * gradient[at])
                    .sum();
        }

        double loss(double[] change) {
            double[] kept = nothing();
            Arrays.setAll(kept, at -> change[at] - kept[at]);
            double loss = product(slope, change);
            for (int row = 0; row < size; row++) {
                loss += change[row] * product(form[row], change) / 2;
                for (int column = 0; column < size; column++) {
                    loss += kept[row] * penalty[row][column] * kept[column] / 2;
                }
            }
            return loss;
        }

        private static double product(double[] a, double[] b) {
            return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
        }
    }
}
