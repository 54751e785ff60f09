package io.espalier.adapter.onnx.lift;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors of texts. The neutral graph holds none: where one is a constant it has nodes that make it, and where it is an
 * attribute it is a list.
 */
final class Texts {

    private Texts() {}

    /** Whether the elements of a tensor are texts. */
    static boolean isText(TensorProto tensor) {
        return tensor.getDataType() == TensorProto.DataType.STRING.getNumber();
    }

    /** The elements as a list; empty when there are not as many as the shape says. */
    static Optional<Attribute.Texts> list(TensorProto tensor) {
        long size = 1;
        for (long extent : tensor.getDimsList()) {
            boolean fits = size >= 0 && extent >= 0 && extent <= tensor.getStringDataCount();
            size = fits ? Math.min(size * extent, tensor.getStringDataCount() + 1L) : -1;
        }
        List<String> texts = tensor.getStringDataList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
        return size == texts.size() ? Optional.of(new Attribute.Texts(texts)) : Optional.empty();
    }

    /**
     * The nodes that make a constant of texts.
     *
     * @param flat name of the list; the same as that of the constant when it is one
     * @param shape name of a constant with its shape, which is read when the names differ
     */
    static List<Node> nodes(Attribute.Texts texts, String flat, String shape, String constant) {
        Node list = Node.of("Constant", List.of(), List.of(flat), Map.of("value_strings", texts));
        return flat.equals(constant)
                ? List.of(list)
                : List.of(list, Node.of("Reshape", List.of(flat, shape), List.of(constant), Map.of()));
    }
}
