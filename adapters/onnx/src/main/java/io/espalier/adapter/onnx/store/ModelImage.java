package io.espalier.adapter.onnx.store;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A model message whose large tensor payloads stay outside: in the file they came from, or in tensors that are read in
 * blocks when the model is written.
 */
public final class ModelImage {

    /** Payloads below this many bytes are kept in the message. */
    static final int INLINE_BYTES = 1 << 14;

    private final ModelProto proto;
    private final List<Payload> payloads;

    ModelImage(ModelProto proto, List<Payload> payloads) {
        this.proto = proto;
        this.payloads = List.copyOf(payloads);
    }

    /** The message; tensors with a payload outside have no data of their own. */
    public ModelProto proto() {
        return proto;
    }

    Payload payload(int index) {
        return payloads.get(index);
    }

    int payloads() {
        return payloads.size();
    }

    /** The start of a changed image: the same payloads, to which more can be added. */
    public Additions additions() {
        return new Additions(payloads);
    }

    /** The start of an image made from nothing. */
    public static Additions empty() {
        return new Additions(List.of());
    }

    /** Collects payloads for messages under construction. Not thread-safe. */
    public static final class Additions {

        private final List<Payload> payloads;

        private Additions(List<Payload> payloads) {
            this.payloads = new ArrayList<>(payloads);
        }

        /** Gives a tensor message type, shape and elements of a tensor, as raw data; its name and notes stay. */
        public void store(TensorProto.Builder message, Tensor tensor) {
            message.setDataType(tensor.type().onnxNumber()).clearDims().addAllDims(tensor.shape());
            TensorFields.clearData(message);
            boolean external = message.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
            message.clearExternalData();
            if (external || tensor.byteSize() >= INLINE_BYTES) {
                payloads.add(new Payload.Raw(tensor));
                TensorFields.mark(message, payloads.size() - 1);
            } else {
                message.setRawData(TensorBytes.of(tensor));
            }
        }

        /** The image of a finished message. */
        public ModelImage image(ModelProto proto) {
            return new ModelImage(proto, payloads);
        }
    }
}
