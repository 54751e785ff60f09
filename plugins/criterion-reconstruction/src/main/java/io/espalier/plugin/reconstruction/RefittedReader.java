package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.WeightInputs;
import java.util.ArrayList;
import java.util.List;

/** A weight whose inputs are removed channel by channel, refitted after each. Not thread-safe. */
final class RefittedReader {

    private final List<RefittedMatrix> matrices = new ArrayList<>();
    private final double scale;

    /**
     * A weight with all its inputs.
     *
     * @param channels number of channels of the group
     * @param ridge in mean squares of the inputs
     * @param relative whether errors are shares of the energy of the outputs
     */
    RefittedReader(WeightInputs reader, int channels, double ridge, boolean relative) {
        double energy = 0;
        for (int group = 0; group < reader.groups(); group++) {
            RefittedMatrix matrix = new RefittedMatrix(reader, group, channels, ridge);
            energy += matrix.energy();
            matrices.add(matrix);
        }
        this.scale = !relative ? 1 / reader.samples() : energy > 0 ? 1 / energy : 0;
    }

    /** What removing a channel now would add to the error. */
    double error(int channel) {
        double error = 0;
        for (RefittedMatrix matrix : matrices) {
            error += matrix.error(channel);
        }
        return scale * error;
    }

    /** Removes a channel and refits what is left. */
    void remove(int channel) {
        matrices.forEach(matrix -> matrix.remove(channel));
    }
}
