package io.espalier.adapter.onnx.lift;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.AttributeProto.AttributeType;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.Optional;
import java.util.function.Function;

/** Attributes between their native and their neutral form. */
public final class AttributeCodec {

    private AttributeCodec() {}

    /**
     * The neutral form, or empty for forms the neutral graph has no word for (lists of tensors or graphs, sparse tensors,
     * types). Tensors of texts become lists.
     */
    static Optional<Attribute> decode(
            AttributeProto attribute, Function<TensorProto, Tensor> tensors, Function<GraphProto, Graph> graphs) {
        return switch (type(attribute)) {
            case INT -> Optional.of(new Attribute.Int(attribute.getI()));
            case FLOAT -> Optional.of(new Attribute.Real(attribute.getF()));
            case STRING -> Optional.of(new Attribute.Text(attribute.getS().toStringUtf8()));
            case INTS -> Optional.of(new Attribute.Ints(attribute.getIntsList()));
            case FLOATS ->
                Optional.of(new Attribute.Reals(attribute.getFloatsList().stream()
                        .map(Float::doubleValue)
                        .toList()));
            case STRINGS ->
                Optional.of(new Attribute.Texts(attribute.getStringsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList()));
            case TENSOR ->
                Texts.isText(attribute.getT())
                        ? Texts.list(attribute.getT()).map(texts -> texts)
                        : Optional.of(new Attribute.Constant(tensors.apply(attribute.getT())));
            case GRAPH -> Optional.of(new Attribute.Body(graphs.apply(attribute.getG())));
            default -> Optional.empty();
        };
    }

    /** The type of an attribute; very old files leave it out. */
    static AttributeType type(AttributeProto attribute) {
        if (attribute.hasType() && attribute.getType() != AttributeType.UNDEFINED) {
            return attribute.getType();
        }
        if (attribute.hasI()) {
            return AttributeType.INT;
        }
        if (attribute.hasF()) {
            return AttributeType.FLOAT;
        }
        if (attribute.hasS()) {
            return AttributeType.STRING;
        }
        if (attribute.hasT()) {
            return AttributeType.TENSOR;
        }
        if (attribute.hasG()) {
            return AttributeType.GRAPH;
        }
        if (attribute.getFloatsCount() > 0) {
            return AttributeType.FLOATS;
        }
        if (attribute.getStringsCount() > 0) {
            return AttributeType.STRINGS;
        }
        return attribute.getIntsCount() > 0 ? AttributeType.INTS : AttributeType.UNDEFINED;
    }

    /**
     * The native form.
     *
     * @param payloads takes the data of large tensors
     * @param graphs encodes bodies
     */
    public static AttributeProto encode(
            String name, Attribute value, ModelImage.Additions payloads, Function<Graph, GraphProto> graphs) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        if (value instanceof Attribute.Int number) {
            attribute.setType(AttributeType.INT).setI(number.value());
        } else if (value instanceof Attribute.Real number) {
            attribute.setType(AttributeType.FLOAT).setF((float) number.value());
        } else if (value instanceof Attribute.Text text) {
            attribute.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(text.value()));
        } else if (value instanceof Attribute.Ints numbers) {
            attribute.setType(AttributeType.INTS).addAllInts(numbers.values());
        } else if (value instanceof Attribute.Reals numbers) {
            attribute.setType(AttributeType.FLOATS);
            numbers.values().forEach(number -> attribute.addFloats(number.floatValue()));
        } else if (value instanceof Attribute.Texts texts) {
            attribute.setType(AttributeType.STRINGS);
            texts.values().forEach(text -> attribute.addStrings(ByteString.copyFromUtf8(text)));
        } else if (value instanceof Attribute.Constant constant) {
            payloads.store(attribute.setType(AttributeType.TENSOR).getTBuilder(), constant.value());
        } else if (value instanceof Attribute.Body body) {
            attribute.setType(AttributeType.GRAPH).setG(graphs.apply(body.graph()));
        }
        return attribute.build();
    }
}
