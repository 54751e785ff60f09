package io.espalier.adapter.dl4j.run;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Between tensors and the arrays of ND4J. */
final class Arrays4j {

    private Arrays4j() {}

    /** An array of floats, or of integers for an integer tensor. */
    static INDArray of(Tensor tensor) {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        if (tensor.type() == DataType.INT64) {
            return Nd4j.createFromArray(Tensors.toLongs(tensor)).reshape(shape);
        }
        return Nd4j.create(Tensors.toFloats(tensor), shape, 'c');
    }

    /** A float tensor with the elements in row-major order. */
    static Tensor tensor(INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        return Tensors.floats(Tensors.shape(array.shape()), values);
    }
}
