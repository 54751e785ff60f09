package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Copies tensors into and out of onnxruntime. */
final class OrtTensors {

    private OrtTensors() {}

    /**
     * Copies a tensor into a buffer, which the runtime then reads.
     *
     * @param bytes direct, with room for the tensor
     */
    static OnnxTensor toNative(OrtEnvironment environment, Tensor tensor, ByteBuffer bytes) throws OrtException {
        bytes.clear().limit(Math.toIntExact(tensor.byteSize()));
        tensor.read(0, bytes);
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(environment, bytes.flip(), shape, javaType(tensor.type()));
    }

    /** The texts at the positions that a tensor names. */
    static OnnxTensor toTexts(OrtEnvironment environment, Tensor positions, List<String> texts) throws OrtException {
        String[] picked = Arrays.stream(Tensors.toLongs(positions))
                .mapToObj(position -> texts.get(Math.floorMod(position, texts.size())))
                .toArray(String[]::new);
        long[] shape = positions.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(environment, picked, shape);
    }

    static Tensor toHeap(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        List<Long> shape = new ArrayList<>();
        for (long extent : info.getShape()) {
            shape.add(extent);
        }
        return Tensors.of(type(info), List.copyOf(shape), tensor.getByteBuffer());
    }

    private static OnnxJavaType javaType(DataType type) {
        return switch (type) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            case UINT16, UINT32, UINT64 ->
                throw new ExecutionException("onnxruntime's Java interface takes no inputs of type " + type, null);
        };
    }

    private static DataType type(TensorInfo info) {
        return switch (info.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FLOAT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FLOAT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> DataType.FLOAT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> DataType.BFLOAT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> DataType.UINT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> DataType.UINT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> DataType.UINT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
            default ->
                throw new ExecutionException(
                        "onnxruntime's Java interface gives no outputs of type " + info.onnxType, null);
        };
    }
}
