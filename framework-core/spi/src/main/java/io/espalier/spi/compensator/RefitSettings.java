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
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record RefitSettings(int rows, Inputs inputs, List<String> leaveOut, boolean addsBiases) {

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
        leaveOut = List.copyOf(leaveOut);
    }

    /** The defaults with a number of samples. */
    public static RefitSettings ofRows(int rows) {
        return new RefitSettings(rows, Inputs.SEQUENTIAL, List.of(), false);
    }
}
