package io.espalier.training;

import io.espalier.graph.operator.WeightMatrix;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A square matrix Q behind a layer, which mixes the channels that the layer computes (Ding et al., ResRep, ICCV 2021, section 3.2).
 *
 * @param name name of the matrix
 * @param shape its extents
 * @param inColumns whether the row of a channel is a column of the constant
 * @param layer the weight of the layer as one matrix
 * @param weight name of that weight
 * @param biases names of what is added to each channel before a norm
 * @param norm the norm between the layer and the matrix
 */
record Compactor(
        String name,
        List<Long> shape,
        boolean inColumns,
        WeightMatrix layer,
        String weight,
        List<String> biases,
        Optional<Norm> norm) {

    /** A batch norm, by the names of its constants. */
    record Norm(String scale, String shift, String mean, String variance, double epsilon) {}

    Compactor {
        shape = List.copyOf(shape);
        biases = List.copyOf(biases);
    }

    /** Number of channels. */
    int width() {
        return layer.outputs();
    }

    /** The identity. */
    ArrayTensor identity() {
        float[] values = new float[width() * width()];
        for (int channel = 0; channel < width(); channel++) {
            values[channel * width() + channel] = 1;
        }
        return new ArrayTensor(shape, values);
    }

    /** The elements of the row that makes a channel. */
    int[] row(int channel) {
        int[] row = new int[width()];
        Arrays.setAll(row, from -> place(channel, from));
        return row;
    }

    private int place(int channel, int from) {
        return inColumns ? from * width() + channel : channel * width() + from;
    }

    /** For each element of the weight the channel that it makes. */
    int[] channels(List<Long> weightShape) {
        double[] numbers = new double[width() * layer.inputs()];
        Arrays.setAll(numbers, place -> place / layer.inputs());
        Tensor like = Tensors.fromDoubles(DataType.FLOAT64, weightShape, new double[numbers.length]);
        return Arrays.stream(Tensors.toDoubles(layer.weight(like, numbers)))
                .mapToInt(number -> (int) number)
                .toArray();
    }

    /**
     * Puts the matrix into the layer in front of it. With z = W x + b and Q(s (z - m) + t), the new layer has A W and A b, A = Q diag(s),
     * and the new norm the mean A m, the shift Q t, and the scale that undoes its division, so that the result is the same. Its
     * variance is that of A z were the channels of z uncorrelated: what a batch would give, near enough to train on.
     *
     * @param numbers all numbers by name; those of the layer and its norm are exchanged
     */
    void merge(Map<String, Tensor> numbers) {
        double[] mix = mix(numbers);
        double[] scaled = mix.clone();
        norm.ifPresent(each -> {
            double[] scale = Tensors.toDoubles(numbers.get(each.scale()));
            double[] variance = Tensors.toDoubles(numbers.get(each.variance()));
            for (int place = 0; place < scaled.length; place++) {
                int from = place % width();
                scaled[place] *= scale[from] / Math.sqrt(variance[from] + each.epsilon());
            }
        });
        Tensor old = numbers.get(weight);
        numbers.put(weight, single(layer.weight(old, product(scaled, layer.matrix(old)))));
        biases.forEach(bias -> exchange(bias, numbers, values -> product(scaled, values)));
        norm.ifPresent(each -> {
            exchange(each.shift(), numbers, values -> product(mix, values));
            exchange(each.mean(), numbers, values -> product(scaled, values));
            double[] squares = Arrays.stream(scaled).map(value -> value * value).toArray();
            exchange(each.variance(), numbers, values -> product(squares, values));
            double[] variance = Tensors.toDoubles(numbers.get(each.variance()));
            exchange(
                    each.scale(),
                    numbers,
                    values -> Arrays.stream(variance)
                            .map(value -> Math.sqrt(value + each.epsilon()))
                            .toArray());
        });
    }

    /** The matrix by row. */
    private double[] mix(Map<String, Tensor> numbers) {
        double[] stored = Tensors.toDoubles(numbers.get(name));
        double[] mix = new double[stored.length];
        Arrays.setAll(mix, at -> stored[place(at / width(), at % width())]);
        return mix;
    }

    /** A change of some numbers. */
    private interface Change {
        double[] of(double... values);
    }

    private static void exchange(String name, Map<String, Tensor> numbers, Change change) {
        Tensor old = numbers.get(name);
        double[] values = change.of(Tensors.toDoubles(old));
        numbers.put(name, single(Tensors.fromDoubles(DataType.FLOAT32, old.shape(), values)));
    }

    private static ArrayTensor single(Tensor tensor) {
        return new ArrayTensor(tensor.shape(), ArrayTensor.read(tensor));
    }

    /** A square matrix times one with as many rows. */
    private double[] product(double[] left, double... right) {
        int columns = right.length / width();
        double[] product = new double[right.length];
        for (int row = 0; row < width(); row++) {
            for (int inner = 0; inner < width(); inner++) {
                double factor = left[row * width() + inner];
                for (int column = 0; column < columns && factor != 0; column++) {
                    product[row * columns + column] += factor * right[inner * columns + column];
                }
            }
        }
        return product;
    }
}
