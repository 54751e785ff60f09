package io.espalier.adapter.tflite.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorT;

/** Unpacks a checked file into objects, without the payloads. */
final class ModelDecoder {

    private ModelDecoder() {}

    static NativeModel decode(ByteBuffer bytes, PositionalFile file) {
        Model model = Model.getRootAsModel(bytes);
        return new NativeModel(
                model.version(),
                model.description(),
                list(model.operatorCodesLength(), i -> model.operatorCodes(i).unpack()),
                list(model.subgraphsLength(), i -> tidy(model.subgraphs(i).unpack(), model.subgraphs(i))),
                list(model.buffersLength(), i -> payload(model.buffers(i), file)),
                list(model.metadataLength(), i -> model.metadata(i).unpack()),
                numbers(model),
                list(model.signatureDefsLength(), i -> model.signatureDefs(i).unpack()));
    }

    private static int[] numbers(Model model) {
        int[] numbers = new int[model.metadataBufferLength()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = model.metadataBuffer(i);
        }
        return numbers;
    }

    private static <T> List<T> list(int length, IntFunction<T> element) {
        List<T> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            list.add(element.apply(i));
        }
        return list;
    }

    private static Payload payload(org.tensorflow.lite.schema.Buffer buffer, PositionalFile file) {
        if (buffer.dataLength() == 0) {
            return Payload.EMPTY;
        }
        return Payload.in(file, buffer.dataAsByteBuffer().position(), buffer.dataLength());
    }

    /** Makes absent again what the schema classes unpack as empty: the interpreter tells the two apart. */
    private static SubGraphT tidy(SubGraphT graph, org.tensorflow.lite.schema.SubGraph original) {
        for (OperatorT operator : graph.getOperators()) {
            if (operator.getCustomOptions().length == 0) {
                operator.setCustomOptions(null);
            }
            if (operator.getMutatingVariableInputs().length == 0) {
                operator.setMutatingVariableInputs(null);
            }
            if (operator.getIntermediates().length == 0) {
                operator.setIntermediates(null);
            }
        }
        for (int i = 0; i < graph.getTensors().length; i++) {
            tidy(graph.getTensors()[i], original.tensors(i));
        }
        return graph;
    }

    private static void tidy(TensorT tensor, Tensor original) {
        if (original.shapeAsByteBuffer() == null) {
            tensor.setShape(null);
        }
        if (tensor.getShapeSignature().length == 0) {
            tensor.setShapeSignature(null);
        }
        if (tensor.getVariantTensors().length == 0) {
            tensor.setVariantTensors(null);
        }
        QuantizationParametersT quantization = tensor.getQuantization();
        if (quantization != null) {
            tidy(quantization);
        }
    }

    private static void tidy(QuantizationParametersT quantization) {
        if (quantization.getMin().length == 0) {
            quantization.setMin(null);
        }
        if (quantization.getMax().length == 0) {
            quantization.setMax(null);
        }
        if (quantization.getScale().length == 0) {
            quantization.setScale(null);
        }
        if (quantization.getZeroPoint().length == 0) {
            quantization.setZeroPoint(null);
        }
    }
}
