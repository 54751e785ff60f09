package io.espalier.plugin.regularizers;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.regularizer.CoupledSlices;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/** A penalty on the scales of norms: their magnitudes, less their distances from the mean. */
final class ScalePenalty implements RegularizerWorker {

    private final Channels scales;
    private final double strength;
    private final double magnitude;
    private final double distance;

    ScalePenalty(
            Regularizer regularizer, RegularizerContext context, double strength, double magnitude, double distance) {
        this.scales = Channels.scales(context.groups());
        this.strength = strength;
        this.magnitude = magnitude;
        this.distance = distance;
        boolean none = true;
        for (int channel = 0; channel < scales.count(); channel++) {
            none &= scales.size(channel) == 0;
        }
        if (none) {
            throw new InvalidInputException("The regularizer '" + regularizer.name()
                    + "' works on the scales of norms, and no channel that can be removed has one that is trained; choose"
                    + " another, such as group-lasso.");
        }
    }

    private void forEach(ObjIntConsumer<String> consumer) {
        for (int channel = 0; channel < scales.count(); channel++) {
            for (CoupledSlices each : scales.slices(channel)) {
                for (int element : scales.elements(channel, each)) {
                    consumer.accept(each.weight(), element);
                }
            }
        }
    }

    /** Number, mean, and mean sign of the distances from the mean. */
    private double[] statistics(Map<String, float[]> weights) {
        double[] found = new double[3];
        forEach((weight, element) -> {
            found[0]++;
            found[1] += weights.get(weight)[element];
        });
        found[1] /= found[0];
        forEach((weight, element) -> found[2] += Math.signum(weights.get(weight)[element] - found[1]));
        found[2] /= found[0];
        return found;
    }

    @Override
    public double penalty(Map<String, float[]> weights) {
        double mean = statistics(weights)[1];
        double[] sum = new double[1];
        forEach((weight, element) -> {
            double scale = weights.get(weight)[element];
            sum[0] += magnitude * Math.abs(scale) - distance * Math.abs(scale - mean);
        });
        return strength * sum[0];
    }

    @Override
    public void addGradient(RegularizerStep step) {
        double[] found = statistics(step.weights());
        forEach((weight, element) -> {
            double scale = step.weights().get(weight)[element];
            double away = distance * (Math.signum(scale - found[1]) - found[2]);
            step.gradients().get(weight)[element] += (float) (strength * (magnitude * Math.signum(scale) - away));
        });
    }
}
