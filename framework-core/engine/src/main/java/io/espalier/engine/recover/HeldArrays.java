package io.espalier.engine.recover;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;

/**
 * Arrays of numbers: on the heap up to an eighth of it, beyond that in temporary files. Several threads may read while none
 * writes.
 */
public final class HeldArrays implements AutoCloseable {

    private final HeldValues values;
    private int size;

    /** Holds nothing. */
    public HeldArrays() {
        this(Runtime.getRuntime().maxMemory() / 8);
    }

    /**
     * Holds nothing.
     *
     * @param most bytes that may lie on the heap
     */
    HeldArrays(long most) {
        this.values = new HeldValues(1, most);
    }

    /** Takes an array; the number asks for it. */
    public int put(double[] array) {
        values.put(
                0,
                Map.of(
                        Integer.toString(size),
                        Tensors.fromDoubles(DataType.FLOAT64, List.of((long) array.length), array)));
        return size++;
    }

    /** A copy of the array of a number. */
    public double[] get(int number) {
        return Tensors.toDoubles(values.of(0).get(Integer.toString(number)));
    }

    @Override
    public void close() {
        values.close();
    }
}
