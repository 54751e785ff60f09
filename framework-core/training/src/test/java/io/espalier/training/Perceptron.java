package io.espalier.training;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Two layers with a ReLU between them, trained by hand: cross-entropy, gradient descent with momentum 0.9, in double precision. */
final class Perceptron {

    private final Map<String, double[]> weights = new LinkedHashMap<>();
    private final Map<String, double[]> velocities = new LinkedHashMap<>();
    private final double decay;
    private final double clip;
    private final int hidden;
    private final int classes;

    Perceptron(Graph graph, double decay, double clip) {
        graph.constants().forEach((name, tensor) -> weights.put(name, Tensors.toDoubles(tensor)));
        weights.forEach((name, values) -> velocities.put(name, new double[values.length]));
        this.decay = decay;
        this.clip = clip;
        this.hidden = weights.get("first.bias").length;
        this.classes = weights.get("second.bias").length;
    }

    Map<String, double[]> weights() {
        return weights;
    }

    void step(double[] x, long[] labels, double rate) {
        Map<String, double[]> gradients = gradients(x, labels);
        double squares = 0;
        for (double[] gradient : gradients.values()) {
            for (double each : gradient) {
                squares += each * each;
            }
        }
        double factor = clip > 0 && Math.sqrt(squares) > clip ? clip / Math.sqrt(squares) : 1;
        weights.forEach((name, values) -> {
            double[] velocity = velocities.get(name);
            double pull = name.endsWith(".bias") ? 0 : decay;
            for (int i = 0; i < values.length; i++) {
                velocity[i] = 0.9 * velocity[i] + factor * gradients.get(name)[i] + pull * values[i];
                values[i] -= rate * velocity[i];
            }
        });
    }

    private Map<String, double[]> gradients(double[] x, long[] labels) {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        weights.forEach((name, values) -> gradients.put(name, new double[values.length]));
        int width = x.length / labels.length;
        for (int example = 0; example < labels.length; example++) {
            double[] input = Arrays.copyOfRange(x, example * width, (example + 1) * width);
            double[] middle = layer("first", input, hidden);
            for (int i = 0; i < hidden; i++) {
                middle[i] = Math.max(0, middle[i]);
            }
            double[] errors = softmax(layer("second", middle, classes));
            errors[(int) labels[example]] -= 1;
            double[] back = new double[hidden];
            for (int out = 0; out < classes; out++) {
                double error = errors[out] / labels.length;
                gradients.get("second.bias")[out] += error;
                for (int in = 0; in < hidden; in++) {
                    gradients.get("second.weight")[out * hidden + in] += error * middle[in];
                    back[in] += error * weights.get("second.weight")[out * hidden + in];
                }
            }
            for (int out = 0; out < hidden; out++) {
                double error = middle[out] > 0 ? back[out] : 0;
                gradients.get("first.bias")[out] += error;
                for (int in = 0; in < width; in++) {
                    gradients.get("first.weight")[out * width + in] += error * input[in];
                }
            }
        }
        return gradients;
    }

    private double[] layer(String name, double[] input, int size) {
        double[] result = weights.get(name + ".bias").clone();
        for (int out = 0; out < size; out++) {
            for (int in = 0; in < input.length; in++) {
                result[out] += weights.get(name + ".weight")[out * input.length + in] * input[in];
            }
        }
        return result;
    }

    private static double[] softmax(double[] scores) {
        double sum = 0;
        double[] shares = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            shares[i] = Math.exp(scores[i]);
            sum += shares[i];
        }
        for (int i = 0; i < scores.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }
}
