package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.TensorShapeProto;
import io.espalier.adapter.onnx.proto.TypeProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.adapter.onnx.store.OnnxTypes;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.util.List;
import java.util.Optional;

/** Declared types of values between their native and their neutral form. */
public final class ValueTypes {

    private ValueTypes() {}

    /** The neutral form, or empty when the value is no tensor of a type Espalier reads. */
    static Optional<ValueType> decode(ValueInfoProto info) {
        return DataType.ofOnnxNumber(info.getType().getTensorType().getElemType())
                .map(type -> decode(info, type));
    }

    /** The neutral form of a declared tensor with elements of another type. */
    static ValueType decode(ValueInfoProto info, DataType type) {
        TypeProto.Tensor tensor = info.getType().getTensorType();
        Optional<List<Dimension>> shape = tensor.hasShape()
                ? Optional.of(tensor.getShape().getDimList().stream()
                        .map(ValueTypes::decode)
                        .toList())
                : Optional.empty();
        return new ValueType(type, shape);
    }

    private static Dimension decode(TensorShapeProto.Dimension dimension) {
        if (dimension.hasDimValue() && dimension.getDimValue() >= 0) {
            return new Dimension.Fixed(dimension.getDimValue());
        }
        return dimension.getDimParam().isEmpty()
                ? new Dimension.Unknown()
                : new Dimension.Symbol(dimension.getDimParam());
    }

    /** The native form. */
    public static TypeProto encode(ValueType type) {
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.type().onnxNumber());
        type.shape().ifPresent(shape -> tensor.setShape(encode(shape)));
        return TypeProto.newBuilder().setTensorType(tensor).build();
    }

    private static TensorShapeProto encode(List<Dimension> shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (Dimension dimension : shape) {
            TensorShapeProto.Dimension.Builder encoded = dimensions.addDimBuilder();
            if (dimension instanceof Dimension.Fixed fixed) {
                encoded.setDimValue(fixed.extent());
            } else if (dimension instanceof Dimension.Symbol symbol) {
                encoded.setDimParam(symbol.name());
            }
        }
        return dimensions.build();
    }

    /** What kind of value a declaration that is no readable tensor describes, for people. */
    static String describe(ValueInfoProto info) {
        return switch (info.getType().getValueCase()) {
            case TENSOR_TYPE ->
                "a tensor of element type "
                        + OnnxTypes.describe(info.getType().getTensorType().getElemType());
            case SEQUENCE_TYPE -> "a sequence";
            case MAP_TYPE -> "a map";
            case OPTIONAL_TYPE -> "an optional value";
            case SPARSE_TENSOR_TYPE -> "a sparse tensor";
            case OPAQUE_TYPE -> "an opaque value";
            case VALUE_NOT_SET -> "of no declared type";
        };
    }
}
