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
    public static final Evidence<Map<String, Tensor>> LOSS_GRADIENTS =
            new Evidence<>("loss-gradients", Source.LOSS_ON_DATA);

    /**
     * How the loss changes with each slice of each parameter, batch by batch: the sums of weight times gradient.
     */
    public static final Evidence<SliceGradients> SLICE_GRADIENTS =
            new Evidence<>("slice-gradients", Source.LOSS_ON_DATA);

    /** The mean over examples of the squared sum of weight times gradient of each slice, example by example. */
    public static final Evidence<SliceFisher> SLICE_FISHER = new Evidence<>("slice-fisher", Source.LOSS_ON_DATA);

    /**
     * The mean over examples of the squared gradient of the loss of one example, by each floating-point parameter: the diagonal
     * of the empirical Fisher information. By name of the constant, a float64 tensor of the shape of the parameter.
     */
    public static final Evidence<Map<String, Tensor>> SQUARED_GRADIENTS =
            new Evidence<>("squared-gradients", Source.LOSS_ON_DATA);

    /**
     * The product of the Hessian of the loss with its gradient, both averaged over the calibration data: half the gradient of
     * the squared norm of the gradient. By name of the constant, a float64 tensor of the shape of the parameter.
     */
    public static final Evidence<Map<String, Tensor>> HESSIAN_GRADIENTS =
            new Evidence<>("hessian-gradients", Source.LOSS_ON_DATA);

    /**
     * The second moments of the gradients of the loss of one example by the outputs of the weights that read channels, example by
     * example.
     */
    public static final Evidence<OutputGradients> OUTPUT_GRADIENTS =
            new Evidence<>("output-gradients", Source.LOSS_ON_DATA);

    /** How the losses of classifiers in the middle of the network, and at its end, depend on the weights before them. */
    public static final Evidence<Discrimination> DISCRIMINATION = new Evidence<>("discrimination", Source.LOSS_ON_DATA);

    /**
     * The gradient of the loss of the network without signs: every weight is its magnitude, nothing is added (biases, shifts and
     * running means are 0), and the inputs are so small that activations are proportional to what they get. No data is read: all
     * inputs are equal, 1 where they are integers. By name of the constant, a float64 tensor of the shape of the parameter; up to
     * one factor for all of them, and without parameters that are only added.
     */
    public static final Evidence<Map<String, Tensor>> SYNAPTIC_FLOW =
            new Evidence<>("synaptic-flow", Source.LOSS_ALONE);

    /**
     * The gradient of the loss of the same network by what channels hold in the values that operators which contract read: for each
     * group, one entry for each of these values that carries its channels.
     */
    public static final Evidence<GroupEvidence<ChannelFlow>> CHANNEL_FLOW =
            new Evidence<>("channel-flow", Source.LOSS_ALONE);

    /**
     * What channels hold in the values that operators which contract read, in numbers: for each group, one entry for each of
     * these values that carries its channels. All calibration examples count, summed in double.
     */
    public static final Evidence<GroupEvidence<ActivationStatistics>> ACTIVATION_STATISTICS =
            new Evidence<>("activation-statistics", Source.DATA);

    /**
     * What channels hold in the same values, element by element, for some examples: up to 64, chosen by the seed of the run,
     * and fewer where they would take more than 8 MiB a value.
     */
    public static final Evidence<GroupEvidence<ActivationMaps>> ACTIVATION_MAPS =
            new Evidence<>("activation-maps", Source.DATA);

    /**
     * The second moments of what is multiplied with each weight that reads the channels of a group, with the weight. Of the
     * calibration examples those count that a recovery fits weights to; sums are in double.
     */
    public static final Evidence<GroupEvidence<WeightInputs>> WEIGHT_INPUTS =
            new Evidence<>("weight-inputs", Source.DATA);

    /** What is needed to measure a kind. */
    private enum Source {
        DATA,
        LOSS_ON_DATA,
        LOSS_ALONE
    }

    private final String name;
    private final Source source;

    private Evidence(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    /** All kinds, in the order of their declaration. */
    public static List<Evidence<?>> all() {
        return List.of(
                LOSS_GRADIENTS,
                SLICE_GRADIENTS,
                SLICE_FISHER,
                SQUARED_GRADIENTS,
                HESSIAN_GRADIENTS,
                OUTPUT_GRADIENTS,
                DISCRIMINATION,
                SYNAPTIC_FLOW,
                CHANNEL_FLOW,
                ACTIVATION_STATISTICS,
                ACTIVATION_MAPS,
                WEIGHT_INPUTS);
    }

    /** Whether a loss is differentiated to measure it. */
    public boolean isOfLoss() {
        return source != Source.DATA;
    }

    /** Whether examples are needed to measure it. */
    public boolean isOfData() {
        return source != Source.LOSS_ALONE;
    }

    /** The name of this kind: kebab-case. */
    @Override
    public String toString() {
        return name;
    }
}
