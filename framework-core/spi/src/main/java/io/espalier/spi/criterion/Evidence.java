package io.espalier.spi.criterion;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A kind of evidence: something measured on data that a criterion may ask for ({@link ImportanceCriterion#evidence()})
 * and then read ({@link ScoringContext#evidence(Evidence)}).
 *
 * <p>The kinds are a closed set, the constants of this class; the engine decides which of them it can collect.
 *
 * @param <T> the form in which the evidence is handed over; immutable
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class Evidence<T> {

    /**
     * The gradient of the loss by each floating-point parameter, averaged over the calibration data: by name of the
     * constant, a float64 tensor of the shape of the parameter.
     */
    public static final Evidence<Map<String, Tensor>> LOSS_GRADIENTS = new Evidence<>("loss-gradients", true);

    /**
     * How the loss changes with each slice of each parameter, batch by batch: the sums of weight times gradient.
     */
    public static final Evidence<SliceGradients> SLICE_GRADIENTS = new Evidence<>("slice-gradients", true);

    /** The mean over examples of the squared sum of weight times gradient of each slice, example by example. */
    public static final Evidence<SliceFisher> SLICE_FISHER = new Evidence<>("slice-fisher", true);

    /**
     * The mean over examples of the squared gradient of the loss of one example, by each floating-point parameter: the diagonal
     * of the empirical Fisher information. By name of the constant, a float64 tensor of the shape of the parameter.
     */
    public static final Evidence<Map<String, Tensor>> SQUARED_GRADIENTS = new Evidence<>("squared-gradients", true);

    /**
     * What channels hold in the values that operators which contract read, in numbers: for each group, one entry for each of
     * these values that carries its channels. All calibration examples count, summed in double.
     */
    public static final Evidence<GroupEvidence<ActivationStatistics>> ACTIVATION_STATISTICS =
            new Evidence<>("activation-statistics", false);

    /**
     * What channels hold in the same values, element by element, for some examples: up to 64, chosen by the seed of the run,
     * and fewer where they would take more than 8 MiB a value.
     */
    public static final Evidence<GroupEvidence<ActivationMaps>> ACTIVATION_MAPS =
            new Evidence<>("activation-maps", false);

    /**
     * The second moments of what is multiplied with each weight that reads the channels of a group, with the weight. Of the
     * calibration examples those count that a recovery fits weights to; sums are in double.
     */
    public static final Evidence<GroupEvidence<WeightInputs>> WEIGHT_INPUTS = new Evidence<>("weight-inputs", false);

    private final String name;
    private final boolean ofLoss;

    private Evidence(String name, boolean ofLoss) {
        this.name = name;
        this.ofLoss = ofLoss;
    }

    /** All kinds, in the order of their declaration. */
    public static List<Evidence<?>> all() {
        return List.of(
                LOSS_GRADIENTS,
                SLICE_GRADIENTS,
                SLICE_FISHER,
                SQUARED_GRADIENTS,
                ACTIVATION_STATISTICS,
                ACTIVATION_MAPS,
                WEIGHT_INPUTS);
    }

    /** Whether a loss is differentiated to measure it. */
    public boolean isOfLoss() {
        return ofLoss;
    }

    /** The name of this kind: kebab-case. */
    @Override
    public String toString() {
        return name;
    }
}
