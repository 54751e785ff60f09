package io.espalier.adapter.onnx.store;

import com.google.protobuf.UnknownFieldSet;
import io.espalier.adapter.onnx.proto.TensorProto;
import java.util.OptionalInt;
import java.util.Set;

/** Field numbers of a tensor message, and the private field that stands for a payload kept outside. */
final class TensorFields {

    static final int FLOAT_DATA = 4;
    static final int INT32_DATA = 5;
    static final int INT64_DATA = 7;
    static final int RAW_DATA = 9;
    static final int DOUBLE_DATA = 10;
    static final int UINT64_DATA = 11;

    /** The highest number protobuf allows; ONNX does not use it, and it is never written to a file. */
    static final int MARKER = 536_870_911;

    private static final Set<Integer> DATA =
            Set.of(FLOAT_DATA, INT32_DATA, INT64_DATA, RAW_DATA, DOUBLE_DATA, UINT64_DATA);

    private TensorFields() {}

    static boolean isData(int field) {
        return DATA.contains(field);
    }

    /** Index of the payload that a tensor message refers to. */
    static OptionalInt marker(TensorProto tensor) {
        UnknownFieldSet unknown = tensor.getUnknownFields();
        return unknown.hasField(MARKER)
                ? OptionalInt.of(unknown.getField(MARKER).getVarintList().get(0).intValue())
                : OptionalInt.empty();
    }

    /** Makes a tensor message refer to a payload; its own data fields are cleared. */
    static void mark(TensorProto.Builder tensor, int payload) {
        clearData(tensor);
        tensor.mergeUnknownFields(UnknownFieldSet.newBuilder()
                .addField(
                        MARKER,
                        UnknownFieldSet.Field.newBuilder().addVarint(payload).build())
                .build());
    }

    /** Removes everything that says what the elements are. */
    static void clearData(TensorProto.Builder tensor) {
        tensor.clearFloatData()
                .clearInt32Data()
                .clearInt64Data()
                .clearUint64Data()
                .clearDoubleData()
                .clearStringData()
                .clearRawData()
                .setUnknownFields(UnknownFieldSet.newBuilder(tensor.getUnknownFields())
                        .clearField(MARKER)
                        .build());
    }
}
