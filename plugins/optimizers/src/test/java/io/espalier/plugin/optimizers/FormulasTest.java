package io.espalier.plugin.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.option.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers against their formulas, written down in another way: sums over all gradients so far, in double precision. */
class FormulasTest {

    private static final int SIZE = 6;
    private static final int STEPS = 12;
    private static final double RATE = 0.03;

    /** The weights after all steps so far, from the weights and the gradients (decay added where the formula does). */
    private interface Formula {
        double[] next(double[] weight, List<double[]> gradients, double decay);
    }

    private record Case(String name, Optimizer optimizer, Map<String, String> options, Formula formula) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("sgd", new SgdOptimizer(), Map.of("momentum", "0"), (w, g, d) -> sgd(w, g, 0, false)),
                new Case("momentum", new SgdOptimizer(), Map.of(), (w, g, d) -> sgd(w, g, 0.9, false)),
                new Case(
                        "nesterov",
                        new SgdOptimizer(),
                        Map.of("momentum", "0.8", "nesterov", "true"),
                        (w, g, d) -> sgd(w, g, 0.8, true)),
                new Case("adam", new AdamOptimizer(), Map.of(), (w, g, d) -> minus(w, direction(g, 1e-8), RATE)),
                new Case("adamw", new AdamWOptimizer(), Map.of(), (w, g, d) -> adamW(w, g, d)),
                new Case("lamb", new LambOptimizer(), Map.of(), (w, g, d) -> lamb(w, g, d)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @DisplayName("Weights follow gradients as the formula says")
    void formulas(Case tried) {
        for (long seed = 1; seed <= 6; seed++) {
            double decay = seed % 2 == 0 ? 0 : 0.05;
            SplittableRandom random = new SplittableRandom(seed);
            float[] weight = new float[SIZE];
            double[] expected = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                weight[i] = (float) random.nextDouble(-1, 1);
                expected[i] = weight[i];
            }
            Options options = Options.resolve("optimizer", tried.optimizer().options(), tried.options());
            List<float[]> state = new ArrayList<>();
            tried.optimizer().state(options).forEach(name -> state.add(new float[SIZE]));
            List<double[]> gradients = new ArrayList<>();
            boolean joined = !(tried.name().equals("adamw") || tried.name().equals("lamb"));
            for (int step = 1; step <= STEPS; step++) {
                float[] gradient = new float[SIZE];
                double[] seen = new double[SIZE];
                for (int i = 0; i < SIZE; i++) {
                    gradient[i] = (float) random.nextDouble(-1, 1);
                    seen[i] = gradient[i] + (joined ? decay * expected[i] : 0);
                }
                gradients.add(seen);
                expected = tried.formula().next(expected, gradients, decay);
                tried.optimizer().update(weight, gradient, state, new OptimizerStep(options, step, RATE, decay));
            }
            for (int i = 0; i < SIZE; i++) {
                assertThat((double) weight[i])
                        .as("%s, seed %d, element %d", tried.name(), seed, i)
                        .isCloseTo(expected[i], within(2e-5));
            }
        }
    }

    /** v_t is the sum of m^(t - s) g_s. */
    private static double[] sgd(double[] weight, List<double[]> gradients, double momentum, boolean nesterov) {
        double[] velocity = discounted(gradients, momentum, false);
        double[] last = gradients.get(gradients.size() - 1);
        double[] step = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            step[i] = nesterov ? last[i] + momentum * velocity[i] : velocity[i];
        }
        return minus(weight, step, RATE);
    }

    private static double[] adamW(double[] weight, List<double[]> gradients, double decay) {
        double[] decayed = minus(weight, weight, RATE * decay);
        return minus(decayed, direction(gradients, 1e-8), RATE);
    }

    private static double[] lamb(double[] weight, List<double[]> gradients, double decay) {
        double[] step = minus(direction(gradients, 1e-6), weight, -decay);
        return minus(weight, step, RATE * length(weight) / length(step));
    }

    /** Means of gradients and squares, weighted so that the weights of all steps so far add up to one. */
    private static double[] direction(List<double[]> gradients, double epsilon) {
        double[] mean = discounted(gradients, 0.9, false);
        double[] square = discounted(gradients, 0.999, true);
        double firsts = (1 - Math.pow(0.9, gradients.size())) / (1 - 0.9);
        double seconds = (1 - Math.pow(0.999, gradients.size())) / (1 - 0.999);
        double[] direction = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            direction[i] = mean[i] / firsts / (Math.sqrt(square[i] / seconds) + epsilon);
        }
        return direction;
    }

    private static double[] discounted(List<double[]> gradients, double kept, boolean squared) {
        double[] sum = new double[SIZE];
        for (int step = 0; step < gradients.size(); step++) {
            double share = Math.pow(kept, gradients.size() - 1.0 - step);
            for (int i = 0; i < SIZE; i++) {
                double gradient = gradients.get(step)[i];
                sum[i] += share * (squared ? gradient * gradient : gradient);
            }
        }
        return sum;
    }

    private static double[] minus(double[] from, double[] what, double factor) {
        double[] result = from.clone();
        for (int i = 0; i < SIZE; i++) {
            result[i] -= factor * what[i];
        }
        return result;
    }

    private static double length(double[] vector) {
        double squares = 0;
        for (double each : vector) {
            squares += each * each;
        }
        return Math.sqrt(squares);
    }
}
