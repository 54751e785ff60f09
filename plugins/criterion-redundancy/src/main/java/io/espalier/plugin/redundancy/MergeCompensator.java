package io.espalier.plugin.redundancy;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.UncutWeight;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.compensator.WeightFit;
import io.espalier.spi.option.OptionSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Merges each removed channel into the one most similar to it among those that are kept: the weights that read it are added to
 * those that read its twin, in the proportion in which the twin stands in for it (neuron merging: Kim et al., NeurIPS 2020,
 * arXiv 2010.13160, section 3; here similarity is that of responses on calibration data).
 *
 * <p>With the products {@code <x_r, x_k>} of inputs of a weight over samples, a removed input {@code r} has the twin {@code k} with
 * the largest {@code <x_r, x_k>^2 / <x_k, x_k>}, and
 *
 * <pre>
 * w_k += w_r <x_r, x_k> / <x_k, x_k>
 * </pre>
 *
 * <p>Of two identical channels one is removed without any change of the outputs. Positions of a window are inputs of their own.
 * What only several channels together can stand in for is lost: {@code obs} recovers that too. An update that does not lower the
 * error on examples held back is left out.
 */
public final class MergeCompensator implements WeightCompensator {

    private static final String ROWS = "rows";

    @Override
    public String name() {
        return "merge";
    }

    @Override
    public String description() {
        return "Adds the weights that read a removed channel to those that read the most similar channel that is kept.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.integer(
                ROWS,
                64,
                0,
                1_000_000,
                "samples of each example for each weight, such as positions of a convolution; 0 takes all"));
    }

    @Override
    public List<Edit> compensate(CompensationContext context) {
        RefitSettings settings = RefitSettings.ofRows((int) context.options().integer(ROWS));
        Function<String, Optional<UncutWeight>> uncut = context.uncut(settings);
        return context.refit(
                fit -> uncut.apply(fit.node()).map(weight -> merged(fit, weight)).stream()
                        .toList(),
                settings);
    }

    /** The weight that is left, with what was removed added to it. */
    static LinearMap merged(WeightFit fit, UncutWeight uncut) {
        double[] weight = fit.now().weight().clone();
        for (int group = 0; group < fit.moments().groups(); group++) {
            merge(fit, uncut, group, weight);
        }
        return new LinearMap(weight, fit.now().bias());
    }

    private static void merge(WeightFit fit, UncutWeight uncut, int group, double[] weight) {
        int inputs = fit.moments().inputs();
        int outputs = fit.moments().outputs();
        int first = group * outputs * inputs;
        int matrix = uncut.kept()[first] / (uncut.outputs() * uncut.inputs());
        int[] kept = new int[inputs];
        boolean[] isKept = new boolean[uncut.inputs()];
        for (int i = 0; i < inputs; i++) {
            kept[i] = uncut.kept()[first + i] % uncut.inputs();
            isKept[kept[i]] = true;
        }
        for (int removed = 0; removed < uncut.inputs(); removed++) {
            int twin = isKept[removed] ? -1 : twin(uncut, matrix, removed, kept);
            if (twin < 0) {
                continue;
            }
            double factor =
                    product(uncut, matrix, removed, kept[twin]) / product(uncut, matrix, kept[twin], kept[twin]);
            for (int output = 0; output < outputs; output++) {
                int row = first + output * inputs;
                weight[row + twin] +=
                        factor * uncut.weight()[uncut.kept()[row] / uncut.inputs() * uncut.inputs() + removed];
            }
        }
    }

    /** Which of the inputs that are kept explains most of a removed one; -1 when none does. Of equals the first. */
    private static int twin(UncutWeight uncut, int matrix, int removed, int... kept) {
        int twin = -1;
        double most = 0;
        for (int i = 0; i < kept.length; i++) {
            double energy = product(uncut, matrix, kept[i], kept[i]);
            double product = product(uncut, matrix, removed, kept[i]);
            double explained = energy > 0 ? product * product / energy : 0;
            if (explained > most) {
                twin = i;
                most = explained;
            }
        }
        return twin;
    }

    private static double product(UncutWeight uncut, int matrix, int one, int other) {
        return uncut.gram()[(matrix * uncut.inputs() + one) * uncut.inputs() + other];
    }
}
