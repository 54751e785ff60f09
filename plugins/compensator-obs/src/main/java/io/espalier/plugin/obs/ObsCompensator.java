package io.espalier.plugin.obs;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.RefitSettings.Inputs;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.loss.NamedLoss;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Refits the weights of a pruned network so that each layer gives what it gave before the cut, as closely as the inputs that
 * are left allow: the weight update of optimal brain surgery (Hassibi and Stork, 1992) in the layer-wise, structured form of
 * OBC (Frantar and Alistarh, arXiv 2208.11580) and SPA (arXiv 2403.18955, OBSPA), with the inputs of the layers before it
 * already refitted.
 *
 * <p>With the inputs {@code X} of a weight in the pruned network, the outputs {@code T} that the original gave in the same
 * place, restricted to what is kept, and the weight {@code W0} that the cut has left, it solves
 *
 * <pre>
 * W = argmin || W X + b - T ||^2 + r || W - W0 ||^2 ,   r = ridge x mean diagonal of X X^T
 * </pre>
 *
 * <p>for each group of a grouped operator by itself. Needs no labels. Give it inputs like those the model will see: 128
 * are nearly as good as a thousand; noise is a poor substitute.
 */
public final class ObsCompensator implements WeightCompensator {

    private static final List<Double> TRIED = List.of(1e-3, 1e-2, 1e-1, 1.0);
    private static final String RIDGE = "ridge";
    private static final String ROWS = "rows";
    private static final String MODE = "mode";
    private static final String SEQUENTIAL = "sequential";
    private static final String BIASES = "biases";
    private static final String ADD = "add";
    private static final String CURVATURE = "curvature";
    private static final String LEAVE_OUT = "leave-out";

    @Override
    public String name() {
        return "obs";
    }

    @Override
    public String description() {
        return "Refits the weights, one after the other, to what the original computed, by least squares.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(
                        RIDGE,
                        0,
                        0,
                        1e3,
                        "how strongly weights are held where they are, in mean squares of their inputs; 0 tries "
                                + "0.001, 0.01, 0.1 and 1 and takes what is best on examples held back"),
                OptionSpec.integer(
                        ROWS,
                        64,
                        0,
                        1_000_000,
                        "samples of each example for each weight, such as positions of a convolution; 0 takes all"),
                OptionSpec.choice(
                        MODE,
                        List.of(SEQUENTIAL, "one-shot"),
                        "sequential fits a weight on what the pruned network computes with the weights before it already "
                                + "fitted, one-shot on what the original computes there"),
                OptionSpec.choice(
                        BIASES,
                        List.of("keep", ADD),
                        "keep fits the biases that are there; add gives a layer one where it has none and a hundredth of "
                                + "its error can be saved"),
                OptionSpec.number(
                        CURVATURE,
                        0,
                        0,
                        1,
                        "how much a sample counts by the squared gradient of the loss there; 0 counts all alike"),
                OptionSpec.text(
                        LEAVE_OUT,
                        "",
                        "leave these weights as they are: names of layers or parameters, with commas between them; * "
                                + "stands for any characters"));
    }

    @Override
    public List<Edit> compensate(CompensationContext context) {
        Options options = context.options();
        RefitSettings settings = new RefitSettings(
                (int) options.integer(ROWS),
                options.text(MODE).equals(SEQUENTIAL) ? Inputs.SEQUENTIAL : Inputs.ONE_SHOT,
                patterns(options.text(LEAVE_OUT)),
                options.text(BIASES).equals(ADD),
                options.number(CURVATURE));
        return context.refit(solver(options.number(RIDGE)), settings);
    }

    @Override
    public Optional<NamedLoss> loss(Options options) {
        return options.number(CURVATURE) > 0 ? Optional.of(NamedLoss.CROSS_ENTROPY) : Optional.empty();
    }

    private static List<String> patterns(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .toList();
    }

    /**
     * The solver, for those who walk a graph themselves.
     *
     * @param ridge as the option
     */
    public static WeightSolver solver(double ridge) {
        return new RidgeSolver(ridge == 0 ? TRIED : List.of(ridge));
    }
}
