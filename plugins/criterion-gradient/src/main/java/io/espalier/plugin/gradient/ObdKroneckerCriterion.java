package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.OutputGradients;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Half the curvature of the loss along all that weights read of a channel, with Kronecker factors in the place of the Hessian of a
 * weight: {@code 1/2 sum S_op w_oi A_ij w_pj} over outputs {@code o, p} and the inputs {@code i, j} of the channel, summed over the weights
 * that read it. {@code A} are the second moments of the inputs of a weight, at one position of an example, and {@code S} those of the
 * gradients of the loss of one example by its outputs, summed over positions.
 *
 * <p>C-OBD of Wang, Grosse, Fidler and Zhang, "EigenDamage: Structured Pruning in the Kronecker-Factored Eigenbasis" (arXiv 1905.05934),
 * for channels that are read; the factors are those of K-FAC (Martens and Grosse, arXiv 1503.05671) and, for convolutions, of KFC
 * (Grosse and Martens, arXiv 1602.01057), with the empirical Fisher information.
 *
 * <p>Not where training has not ended: the first-order change is left out. Not for large networks in a hurry: every example is run alone.
 * Inputs and gradients are taken as independent of each other, which {@code fisher} does not assume.
 */
public final class ObdKroneckerCriterion implements ChannelCriterion {

    @Override
    public String name() {
        return "obd-kronecker";
    }

    @Override
    public String description() {
        return "Curvature of the loss along what weights read of a channel, by Kronecker factors (OBD, K-FAC).";
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.WEIGHT_INPUTS, Evidence.OUTPUT_GRADIENTS);
    }

    /** Only channels that weights read. */
    @Override
    public boolean scores(ChannelGroup group, ScoringContext context) {
        OutputGradients gradients = context.evidence(Evidence.OUTPUT_GRADIENTS);
        return context.evidence(Evidence.WEIGHT_INPUTS).of(group).stream()
                .anyMatch(reader -> gradients.of(reader).length > 0);
    }

    @Override
    public double[] score(ChannelGroup group, ScoringContext context) {
        OutputGradients gradients = context.evidence(Evidence.OUTPUT_GRADIENTS);
        double[] scores = new double[group.size()];
        for (WeightInputs reader : context.evidence(Evidence.WEIGHT_INPUTS).of(group)) {
            double[] outputs = gradients.of(reader);
            for (int matrix = 0; outputs.length > 0 && matrix < reader.groups(); matrix++) {
                context.checkCancelled();
                add(reader, matrix, outputs, scores);
            }
        }
        return scores;
    }

    /** Adds what one matrix of a weight loses: inputs of the same channel are taken together. */
    private static void add(WeightInputs reader, int matrix, double[] outputs, double[] scores) {
        int inputs = reader.inputs();
        int first = matrix * inputs;
        Map<Integer, List<Integer>> byChannel = IntStream.range(0, inputs)
                .boxed()
                .collect(Collectors.groupingBy(input -> reader.channels()[first + input]));
        byChannel.remove(-1);
        byChannel.forEach((channel, own) -> {
            for (int i : own) {
                double[] curved = curved(reader, matrix, outputs, i);
                for (int j : own) {
                    double moment = reader.gram()[(first + i) * inputs + j] / reader.samples();
                    scores[channel] += moment * projected(reader, matrix, curved, j) / 2;
                }
            }
        });
    }

    /** The moments of the gradients times the weights of an input. */
    private static double[] curved(WeightInputs reader, int matrix, double[] outputs, int input) {
        int count = reader.outputs();
        double[] curved = new double[count];
        for (int output = 0; output < count; output++) {
            double weight = weight(reader, matrix, output, input);
            int row = (matrix * count + output) * count;
            for (int other = 0; weight != 0 && other < count; other++) {
                curved[other] += weight * outputs[row + other];
            }
        }
        return curved;
    }

    private static double projected(WeightInputs reader, int matrix, double[] curved, int input) {
        double sum = 0;
        for (int output = 0; output < curved.length; output++) {
            sum += curved[output] * weight(reader, matrix, output, input);
        }
        return sum;
    }

    private static double weight(WeightInputs reader, int matrix, int output, int input) {
        return reader.matrix()[(matrix * reader.outputs() + output) * reader.inputs() + input];
    }
}
