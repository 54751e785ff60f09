package io.espalier.testkit;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;

/**
 * A parameter axis over any tensor, for tests of criteria.
 *
 * @param parameter name of the constant
 * @param axis the axis, from 0
 * @param role what the axis means
 * @param tensor the whole parameter
 */
public record TestingParameterAxis(String parameter, int axis, ParameterRole role, Tensor tensor)
        implements ParameterAxis {

    public TestingParameterAxis {
        if (axis < 0 || axis >= tensor.shape().size()) {
            throw new IllegalArgumentException("axis " + axis + " of shape " + tensor.shape());
        }
    }

    /** The rows of a float32 matrix, as a layer that computes one channel a row. */
    public static TestingParameterAxis rows(float[]... rows) {
        float[] values = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, values, row * rows[0].length, rows[0].length);
        }
        Tensor tensor = Tensors.floats(Tensors.shape(rows.length, rows[0].length), values);
        return new TestingParameterAxis("weight", 0, ParameterRole.PRODUCER, tensor);
    }

    /** The same parameter seen along another axis. */
    public TestingParameterAxis along(int other) {
        return new TestingParameterAxis(parameter, other, role, tensor);
    }

    /** The same values in another role. */
    public TestingParameterAxis as(ParameterRole other) {
        return new TestingParameterAxis(parameter, axis, other, tensor);
    }

    /** The same values under another name. */
    public TestingParameterAxis named(String other) {
        return new TestingParameterAxis(other, axis, role, tensor);
    }

    @Override
    public int size() {
        return Math.toIntExact(tensor.shape().get(axis));
    }

    @Override
    public DataType type() {
        return tensor.type();
    }

    @Override
    public List<Long> shape() {
        return tensor.shape();
    }

    @Override
    public void forEach(SliceConsumer consumer) {
        long inner = inner();
        Tensors.forEach(tensor, (index, value) -> consumer.accept((int) (index / inner % size()), value));
    }

    @Override
    public float[] slice(int index) {
        float[] slice = new float[Math.toIntExact(tensor.size() / size())];
        int[] filled = {0};
        forEach((owner, value) -> {
            if (owner == index) {
                slice[filled[0]++] = (float) value;
            }
        });
        return slice;
    }

    private long inner() {
        return tensor.shape().subList(axis + 1, tensor.shape().size()).stream().reduce(1L, Math::multiplyExact);
    }
}
