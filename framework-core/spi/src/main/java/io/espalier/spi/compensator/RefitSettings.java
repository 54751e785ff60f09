package io.espalier.spi.compensator;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * How weights are fitted.
 *
 * @param rows how many samples of each example are used for each weight, at most, such as positions of a convolution; 0
 *     uses all
 * @param inputs what the inputs of a weight are
 * @param leaveOut patterns of layers whose weights are left as they are; {@code *} stands for any characters, {@code ?} for one
 * @param addsBiases whether a bias is added where there is none, if that lowers the error
 * @param curvature how much a sample counts by the squared gradient of the loss by the outputs of the weight there, from 0,
 *     where all count alike, to 1; needs a loss ({@link WeightCompensator#loss})
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record RefitSettings(int rows, Inputs inputs, List<String> leaveOut, boolean addsBiases, double curvature) {

    /** All samples, one weight after the other, no weight left out, no bias added. */
    public static final RefitSettings DEFAULT = ofRows(0);

    /** What the inputs of a weight are while it is fitted. */
    @Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
    public enum Inputs {
        /** What the pruned graph computes with the weights before this one already fitted. */
        SEQUENTIAL,
        /** What the original computes there, of that what the cut keeps: each weight is fitted without regard to others. */
        ONE_SHOT
    }

    public RefitSettings {
        if (rows < 0) {
            throw new IllegalArgumentException("rows of each example cannot be " + rows);
        }
        if (!(curvature >= 0 && curvature <= 1)) {
            throw new IllegalArgumentException("a share of curvature cannot be " + curvature);
        }
        leaveOut = List.copyOf(leaveOut);
    }

    /** The defaults with a number of samples. */
    public static RefitSettings ofRows(int rows) {
        return new RefitSettings(rows, Inputs.SEQUENTIAL, List.of(), false, 0);
    }
}
