package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.optimizer.OptimizerStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What an {@link Optimizer} owes: weights that come nearer to a minimum, from the arguments alone. */
public abstract class OptimizerContract extends ProviderContract<Optimizer> {

    private static final int SIZE = 23;
    private static final int STEPS = 400;

    protected OptimizerContract() {
        super(Optimizer.class);
    }

    /** A new instance of the optimizer under test. */
    protected abstract Optimizer optimizer();

    @Override
    protected final Optimizer provider() {
        return optimizer();
    }

    @Test
    void namesADefaultRateAndItsState() {
        assertThat(optimizer().defaultRate()).isPositive().isFinite();
        assertThat(optimizer().state(options())).doesNotHaveDuplicates().doesNotContain("");
    }

    @Test
    void comesNearerToTheMinimumOfASum() {
        for (long seed = 1; seed <= 5; seed++) {
            float[] weight = numbers(seed);
            double before = length(weight);
            descend(weight, 0, STEPS);
            assertThat(length(weight)).as("distance, seed %d", seed).isLessThan(before);
        }
    }

    @Test
    void givesTheSameBitsAgainAndKeepsNothingToItself() {
        float[] one = numbers(7);
        float[] other = numbers(7);
        descend(one, 1e-2, 9);
        descend(numbers(8), 1e-2, 3);
        descend(other, 1e-2, 9);
        assertThat(one).containsExactly(other);
    }

    @Test
    void decayPullsTowardsZero() {
        float[] weight = numbers(9);
        float[] before = weight.clone();
        optimizer().update(weight, new float[SIZE], state(), step(1, 0.1));
        for (int i = 0; i < SIZE; i++) {
            assertThat(Math.abs(weight[i])).as("element %d", i).isLessThan(Math.abs(before[i]));
        }
    }

    /** Steps towards the minimum of half the sum of squares, whose gradient is the weight. */
    private void descend(float[] weight, double decay, int steps) {
        List<float[]> state = state();
        for (int number = 1; number <= steps; number++) {
            optimizer().update(weight, weight.clone(), state, step(number, decay));
        }
    }

    private OptimizerStep step(long number, double decay) {
        return new OptimizerStep(options(), number, optimizer().defaultRate(), decay);
    }

    private List<float[]> state() {
        List<float[]> state = new ArrayList<>();
        optimizer().state(options()).forEach(name -> state.add(new float[SIZE]));
        return state;
    }

    private static float[] numbers(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            numbers[i] = (float) (random.nextBoolean() ? random.nextDouble(0.5, 2) : random.nextDouble(-2, -0.5));
        }
        return numbers;
    }

    private static double length(float[] weight) {
        double[] squares = new double[SIZE];
        Arrays.setAll(squares, i -> (double) weight[i] * weight[i]);
        return Math.sqrt(Arrays.stream(squares).sum());
    }
}
