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
    public static final Evidence<Map<String, Tensor>> LOSS_GRADIENTS = new Evidence<>("loss-gradients");

    private final String name;

    private Evidence(String name) {
        this.name = name;
    }

    /** All kinds, in the order of their declaration. */
    public static List<Evidence<?>> all() {
        return List.of(LOSS_GRADIENTS);
    }

    /** The name of this kind: kebab-case. */
    @Override
    public String toString() {
        return name;
    }
}
