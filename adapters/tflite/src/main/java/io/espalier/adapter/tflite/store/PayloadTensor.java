package io.espalier.adapter.tflite.store;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A payload seen as a tensor, its axes in another order and its integers wider where that is wanted. Thread-safe. */
public final class PayloadTensor implements Tensor {

    private final Payload payload;
    private final DataType stored;
    private final List<Long> storedShape;
    private final Axes axes;
    private final DataType type;
    private SoftReference<Tensor> view = new SoftReference<>(null);

    /**
     * A view.
     *
     * @param stored type of the stored elements
     * @param storedShape extents as stored
     * @param axes order in which they are wanted
     * @param type type that is wanted: the stored one, or a wider integer
     */
    public PayloadTensor(Payload payload, DataType stored, List<Long> storedShape, Axes axes, DataType type) {
        this.payload = payload;
        this.stored = stored;
        this.storedShape = List.copyOf(storedShape);
        this.axes = axes;
        this.type = type;
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public List<Long> shape() {
        return axes.shape(storedShape);
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        if (axes.isIdentity() && type == stored) {
            payload.read(offset * stored.bytes(), target);
        } else {
            view().read(offset, target);
        }
    }

    /** Made as a whole when it is first read, and again when memory was short in between. */
    private synchronized Tensor view() {
        Tensor made = view.get();
        if (made == null) {
            Tensor plain = Tensors.of(stored, storedShape, payload.bytes().order(ByteOrder.LITTLE_ENDIAN));
            Tensor ordered = axes.isIdentity() ? plain : axes.apply(plain);
            made = type == stored ? ordered : Tensors.fromDoubles(type, ordered.shape(), Tensors.toDoubles(ordered));
            view = new SoftReference<>(made);
        }
        return made;
    }

    @Override
    public String toString() {
        return type + shape().toString();
    }
}
