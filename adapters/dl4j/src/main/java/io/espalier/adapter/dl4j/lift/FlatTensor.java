package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.store.FlatArray;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/** A constant that reads its elements out of the flat vector of parameters, in single precision. */
public final class FlatTensor implements Tensor {

    private final FlatArray parameters;
    private final FlatView view;
    private final List<Long> shape;

    public FlatTensor(FlatArray parameters, FlatView view) {
        this.parameters = parameters;
        this.view = view;
        this.shape = view.shape();
    }

    /** Where its elements lie. */
    public FlatView view() {
        return view;
    }

    @Override
    public DataType type() {
        return DataType.FLOAT32;
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        // The order of the buffer is the caller's; elements are little-endian.
        ByteBuffer out = target.duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int count = target.remaining() / type().bytes();
        view.forEach(
                offset,
                count,
                index -> out.putFloat(index < 0 ? 0 : (float) view.code().decode(parameters.get(index))));
        target.position(target.position() + count * type().bytes());
    }

    @Override
    public String toString() {
        return type() + shape.toString();
    }
}
