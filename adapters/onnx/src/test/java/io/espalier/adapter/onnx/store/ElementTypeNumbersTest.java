package io.espalier.adapter.onnx.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.tensor.DataType;
import org.junit.jupiter.api.Test;

/** The numbers of element types are those of ONNX's own schema. */
class ElementTypeNumbersTest {

    @Test
    void numbersAreThoseOfTheSchema() {
        for (DataType type : DataType.values()) {
            String name = switch (type) {
                case FLOAT32 -> "FLOAT";
                case FLOAT64 -> "DOUBLE";
                default -> type.name();
            };
            assertThat(TensorProto.DataType.valueOf(name).getNumber())
                    .as("%s", type)
                    .isEqualTo(type.onnxNumber());
            assertThat(DataType.ofOnnxNumber(type.onnxNumber())).contains(type);
        }
    }

    @Test
    void otherNumbersNameNoType() {
        for (TensorProto.DataType other : new TensorProto.DataType[] {
            TensorProto.DataType.UNDEFINED, TensorProto.DataType.STRING, TensorProto.DataType.COMPLEX64
        }) {
            assertThat(DataType.ofOnnxNumber(other.getNumber())).as("%s", other).isEmpty();
        }
        assertThat(DataType.ofOnnxNumber(-1)).isEmpty();
        assertThat(DataType.ofOnnxNumber((1L << 32) + 1)).isEmpty();
    }
}
