package io.espalier.engine.loss;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.plugin.losses.CtcLoss;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The probability of a sequence against the sum over all ways to write it, each by itself. */
class SequenceLossTest {

    private static final int STEPS = 5;
    private static final int CLASSES = 3;
    private static final int MOST = 3;

    /** Sequences with a class twice in a row, shorter ones, none, and one that five steps cannot write. */
    private static final Tensor LABELS = Tensors.fromDoubles(
            DataType.INT64, List.of(5L, (long) MOST), 1, 2, 1, 2, 2, -1, 1, -1, -1, -1, -1, -1, 1, 1, 1);

    private static Tensor scores(long seed) {
        Random random = new Random(seed);
        double[] values = new double[5 * STEPS * CLASSES];
        Arrays.setAll(values, i -> random.nextGaussian());
        return Tensors.fromDoubles(DataType.FLOAT32, List.of(5L, (long) STEPS, (long) CLASSES), values);
    }

    private static double loss(double[] scores, double[] labels, int blank) {
        return loss(scores, labels, blank, STEPS, STEPS, STEPS, STEPS, STEPS);
    }

    private static double loss(double[] scores, double[] labels, int blank, int... steps) {
        double sum = 0;
        for (int row = 0; row < 5; row++) {
            List<Integer> wanted = new ArrayList<>();
            for (int i = 0; i < MOST; i++) {
                int label = (int) labels[row * MOST + i];
                if (label >= 0 && label != blank) {
                    wanted.add(label);
                }
            }
            double probability = probability(scores, row, wanted, blank, steps[row]);
            sum -= probability == 0 ? 0 : Math.log(probability);
        }
        return sum / 5;
    }

    private static double probability(double[] scores, int row, List<Integer> wanted, int blank, int steps) {
        double total = 0;
        int ways = (int) Math.pow(CLASSES, steps);
        for (int way = 0; way < ways; way++) {
            List<Integer> written = new ArrayList<>();
            double product = 1;
            int before = blank;
            int rest = way;
            for (int step = 0; step < steps; step++, rest /= CLASSES) {
                int chosen = rest % CLASSES;
                product *= share(scores, (row * STEPS + step) * CLASSES, chosen);
                if (chosen != blank && chosen != before) {
                    written.add(chosen);
                }
                before = chosen;
            }
            total += written.equals(wanted) ? product : 0;
        }
        return total;
    }

    private static double share(double[] scores, int first, int chosen) {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            sum += Math.exp(scores[first + c]);
        }
        return Math.exp(scores[first + chosen]) / sum;
    }

    @Test
    void allWaysToWriteASequenceAreSummed() {
        for (long seed = 1; seed <= 3; seed++) {
            LossGraphTest.check(new CtcLoss(), Map.of(), scores(seed), LABELS, (s, l) -> loss(s, l, 0));
        }
    }

    @Test
    void anotherClassIsTheBlank() {
        Tensor labels = Tensors.fromDoubles(
                DataType.INT64, List.of(5L, (long) MOST), 0, 1, 0, 1, 1, -1, 0, -1, -1, -1, -1, -1, 0, 0, 0);
        LossGraphTest.check(new CtcLoss(), Map.of("blank", "2"), scores(4), labels, (s, l) -> loss(s, l, 2));
    }

    @Test
    void numbersThatAreNoClassesDoNotCountWhereverTheyStand() {
        Tensor labels = Tensors.fromDoubles(
                DataType.INT64, List.of(5L, (long) MOST), 1, -100, 2, 0, 2, 1, -1, -1, 2, 0, 0, 0, 1, 0, 1);
        LossGraphTest.check(new CtcLoss(), Map.of(), scores(5), labels, (s, l) -> loss(s, l, 0));
    }

    @Test
    void stepsBehindTheEndDoNotCount() {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("t", LABELS);
        arrays.put("lengths", Tensors.vector(3, 5, 1, 2, 4));
        LossGraphTest.check(
                new CtcLoss(), Map.of("steps", "lengths"), scores(6), arrays, (s, l) -> loss(s, l, 0, 3, 5, 1, 2, 4));
    }

    @Test
    void stepsThatAreNoNumbersAreRefused() {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("t", LABELS);
        arrays.put("lengths", scores(7));
        assertThatThrownBy(() ->
                        LossGraphTest.check(new CtcLoss(), Map.of("steps", "lengths"), scores(1), arrays, (s, l) -> 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'lengths' of the data holds no number of steps an example");
    }

    @Test
    void labelsThatAreNoSequencesAreRefused() {
        Tensor labels = Tensors.vector(1, 2, 0, 1, 1);
        assertThatThrownBy(() -> LossGraphTest.check(new CtcLoss(), Map.of(), scores(1), labels, (s, l) -> 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the data has no sequences of classes");
    }
}
