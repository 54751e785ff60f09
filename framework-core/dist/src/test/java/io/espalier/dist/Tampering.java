package io.espalier.dist;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Changes a single number of a model. */
final class Tampering {

    private Tampering() {}

    /** The model with the largest element of its last matrix negated. */
    static byte[] largestWeightNegated(Path file) throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        TensorProto.Builder weight = model.getGraphBuilder().getInitializerBuilderList().stream()
                .filter(tensor -> tensor.getDimsCount() == 2)
                .reduce((first, second) -> second)
                .orElseThrow();
        ByteBuffer elements = ByteBuffer.wrap(weight.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int largest = 0;
        for (int at = 0; at < elements.limit(); at += Float.BYTES) {
            largest = Math.abs(elements.getFloat(at)) > Math.abs(elements.getFloat(largest)) ? at : largest;
        }
        elements.putFloat(largest, -elements.getFloat(largest));
        weight.setRawData(ByteString.copyFrom(elements.array()));
        return model.build().toByteArray();
    }
}
