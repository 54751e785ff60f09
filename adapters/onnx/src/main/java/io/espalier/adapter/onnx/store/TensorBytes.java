package io.espalier.adapter.onnx.store;

import com.google.protobuf.ByteString;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;

/** Small tensors as protobuf byte strings. */
final class TensorBytes {

    private TensorBytes() {}

    static ByteString of(Tensor tensor) {
        return ByteString.copyFrom(Tensors.toBytes(tensor));
    }
}
