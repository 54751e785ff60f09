package io.espalier.adapter.onnx.store;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.TypeProto;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Puts single precision in the place of bfloat16, for a runtime that has no kernels for it. Every number of bfloat16 is one
 * of single precision; what differs is that results in between are not rounded.
 */
public final class Widening {

    private static final int NARROW = TensorProto.DataType.BFLOAT16.getNumber();
    private static final int WIDE = TensorProto.DataType.FLOAT.getNumber();

    /** Attributes that name an element type. */
    private static final Set<String> TYPES = Set.of("to", "dtype", "output_dtype", "stash_type", "softmax_precision");

    private final ModelImage.Additions additions;
    private final TensorDecoder decoder;
    private boolean found;

    private Widening(ModelImage image, TensorDecoder decoder) {
        this.additions = image.additions();
        this.decoder = decoder;
    }

    /**
     * The image in single precision; empty when nothing in it has bfloat16.
     *
     * @param source the model the image was made from, if any
     */
    public static Optional<ModelImage> of(ModelImage image, Optional<ModelSource> source) {
        Widening widening = new Widening(image, decoder(image, source));
        ModelProto.Builder model = image.proto().toBuilder();
        widening.visit(model);
        return widening.found ? Optional.of(widening.additions.image(model.build())) : Optional.empty();
    }

    private static TensorDecoder decoder(ModelImage image, Optional<ModelSource> source) {
        Path nowhere = Path.of("graph");
        return source.map(open -> open.decoder(image))
                .orElseGet(() -> new TensorDecoder(nowhere, image, new ExternalFiles(nowhere)));
    }

    private void visit(Message.Builder message) {
        if (message instanceof TensorProto.Builder tensor) {
            widen(tensor);
        } else if (message instanceof TypeProto.Tensor.Builder type) {
            type.setElemType(widened(type.getElemType()));
        } else {
            if (message instanceof AttributeProto.Builder attribute && TYPES.contains(attribute.getName())) {
                attribute.setI(widened((int) attribute.getI()));
            }
            visitFields(message);
        }
    }

    private void visitFields(Message.Builder message) {
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (!field.isRepeated()) {
                visit(message.getFieldBuilder(field));
                continue;
            }
            for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                visit(message.getRepeatedFieldBuilder(field, i));
            }
        }
    }

    private int widened(int type) {
        found |= type == NARROW;
        return type == NARROW ? WIDE : type;
    }

    private void widen(TensorProto.Builder tensor) {
        if (tensor.getDataType() == NARROW) {
            found = true;
            additions.store(tensor, new WidenedTensor(decoder.decode(tensor.build(), tensor.getName())));
        }
    }
}
