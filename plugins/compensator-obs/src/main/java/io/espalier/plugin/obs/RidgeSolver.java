package io.espalier.plugin.obs;

import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.Moments;
import io.espalier.spi.compensator.WeightFit;
import io.espalier.spi.compensator.WeightSolver;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Ridge regression towards the weight that is there. Where a bias can be changed, moments are centred, which fits it exactly.
 *
 * @param ridges to try, in mean squares of the inputs
 */
record RidgeSolver(List<Double> ridges) implements WeightSolver {

    RidgeSolver {
        ridges = List.copyOf(ridges);
    }

    @Override
    public List<LinearMap> solve(WeightFit fit) {
        return ridges.stream().flatMap(ridge -> solve(fit, ridge).stream()).toList();
    }

    private static Optional<LinearMap> solve(WeightFit fit, double ridge) {
        Moments moments = fit.moments();
        double[] weight = new double[fit.now().weight().length];
        double[] bias = fit.now().bias().clone();
        for (int group = 0; group < moments.groups(); group++) {
            if (!solve(fit, ridge, group, weight, bias)) {
                return Optional.empty();
            }
        }
        boolean finite = Arrays.stream(weight).allMatch(Double::isFinite)
                && Arrays.stream(bias).allMatch(Double::isFinite);
        return finite ? Optional.of(new LinearMap(weight, bias)) : Optional.empty();
    }

    private static boolean solve(WeightFit fit, double ridge, int group, double[] weight, double[] bias) {
        Moments moments = fit.moments();
        int inputs = moments.inputs();
        int outputs = moments.outputs();
        double[] means = fit.hasBias() ? means(moments, group) : new double[inputs];
        double[] gram = gram(moments, group, means);
        double mean = 0;
        for (int i = 0; i < inputs; i++) {
            mean += gram[i * inputs + i] / inputs;
        }
        if (mean <= 0) {
            System.arraycopy(
                    fit.now().weight(), group * outputs * inputs, weight, group * outputs * inputs, outputs * inputs);
            return true;
        }
        Optional<Cholesky> factor = Cholesky.of(gram, inputs, ridge * mean);
        if (factor.isEmpty()) {
            return false;
        }
        double[][] columns = new double[outputs][inputs];
        for (int output = 0; output < outputs; output++) {
            int row = group * outputs + output;
            double target = fit.hasBias() ? moments.targetSums()[row] / moments.samples() : bias[row];
            for (int i = 0; i < inputs; i++) {
                int at = group * inputs + i;
                columns[output][i] = moments.cross()[at * outputs + output]
                        - moments.inputSums()[at] * target
                        + ridge * mean * fit.now().weight()[row * inputs + i];
            }
        }
        factor.get().solve(columns);
        for (int output = 0; output < outputs; output++) {
            int row = group * outputs + output;
            System.arraycopy(columns[output], 0, weight, row * inputs, inputs);
            if (fit.hasBias()) {
                bias[row] = moments.targetSums()[row] / moments.samples();
                for (int i = 0; i < inputs; i++) {
                    bias[row] -= columns[output][i] * means[i];
                }
            }
        }
        return true;
    }

    private static double[] means(Moments moments, int group) {
        double[] means = new double[moments.inputs()];
        for (int i = 0; i < means.length; i++) {
            means[i] = moments.inputSums()[group * means.length + i] / moments.samples();
        }
        return means;
    }

    private static double[] gram(Moments moments, int group, double[] means) {
        int inputs = moments.inputs();
        int from = group * inputs * inputs;
        double[] gram = Arrays.copyOfRange(moments.gram(), from, from + inputs * inputs);
        for (int i = 0; i < inputs; i++) {
            for (int j = 0; j < inputs; j++) {
                gram[i * inputs + j] -= moments.samples() * means[i] * means[j];
            }
        }
        return gram;
    }
}
