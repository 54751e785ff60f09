package io.espalier.engine.evidence;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** Sums over slices of parameters. */
final class Slices {

    private Slices() {}

    /** Weight times gradient, element by element. */
    static double[] products(Tensor weight, double[] gradient) {
        double[] products = Tensors.toDoubles(weight);
        Arrays.setAll(products, i -> products[i] * gradient[i]);
        return products;
    }

    /** For each position of an axis, the sum of the elements there. */
    static double[] sums(double[] elements, List<Long> shape, int axis) {
        int extent = Math.toIntExact(shape.get(axis));
        int inner =
                Math.toIntExact(shape.subList(axis + 1, shape.size()).stream().reduce(1L, (a, b) -> a * b));
        double[] sums = new double[extent];
        for (int i = 0; i < elements.length; i++) {
            sums[i / inner % extent] += elements[i];
        }
        return sums;
    }
}
