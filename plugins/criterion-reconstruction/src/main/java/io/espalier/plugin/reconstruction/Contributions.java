package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.WeightInputs;
import java.util.List;

/**
 * Second moments of what channels contribute to the outputs of the weights that read them: {@code c_k = sum w_oj x_j} over the
 * inputs {@code j} of channel {@code k}, and {@code M_kl} the sum of {@code c_k c_l} over outputs and samples. Each weight
 * counts relative to the energy of all that its inputs contribute.
 */
final class Contributions {

    private Contributions() {}

    /** The moments, a row for each channel. */
    static double[][] of(int channels, List<WeightInputs> readers) {
        double[][] moments = new double[channels][channels];
        for (WeightInputs reader : readers) {
            double[][] own = new double[channels][channels];
            double energy = 0;
            for (int group = 0; group < reader.groups(); group++) {
                energy += add(reader, group, own);
            }
            for (int k = 0; k < channels && energy > 0; k++) {
                for (int l = 0; l < channels; l++) {
                    moments[k][l] += own[k][l] / energy;
                }
            }
        }
        return moments;
    }

    /** Adds the moments of one group, and returns the energy of its outputs. */
    private static double add(WeightInputs reader, int group, double[][] moments) {
        int inputs = reader.inputs();
        double[] weights = new double[inputs * inputs];
        int from = group * reader.outputs() * inputs;
        for (int output = 0; output < reader.outputs(); output++) {
            for (int i = 0; i < inputs; i++) {
                double weight = reader.matrix()[from + output * inputs + i];
                for (int j = 0; weight != 0 && j < inputs; j++) {
                    weights[i * inputs + j] += weight * reader.matrix()[from + output * inputs + j];
                }
            }
        }
        double energy = 0;
        for (int i = 0; i < inputs; i++) {
            int k = reader.channels()[group * inputs + i];
            for (int j = 0; j < inputs; j++) {
                int l = reader.channels()[group * inputs + j];
                double product = weights[i * inputs + j] * reader.gram()[(group * inputs + i) * inputs + j];
                energy += product;
                if (k >= 0 && l >= 0) {
                    moments[k][l] += product;
                }
            }
        }
        return energy;
    }
}
