package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import io.espalier.spi.Quoted;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Copies results of onnxruntime that may be no tensors of numbers into such tensors, so that they can be compared: of
 * texts, digests of 64 bits; of maps, the values in the order of their keys; of sequences, all elements one after the
 * other.
 */
final class OrtValues {

    private OrtValues() {}

    static Tensor toHeap(String name, OnnxValue value) {
        try {
            if (value instanceof OnnxTensor tensor) {
                return tensor.getInfo().type == OnnxJavaType.STRING ? texts(tensor) : OrtTensors.toHeap(tensor);
            }
            if (value instanceof OnnxMap map) {
                return vector(values(map));
            }
            if (value instanceof OnnxSequence sequence) {
                return sequence(name, sequence.getValue());
            }
        } catch (OrtException e) {
            throw Refusals.of(e);
        }
        throw new ExecutionException("output " + Quoted.name(name) + " is neither a tensor nor made of tensors", null);
    }

    private static Tensor texts(OnnxTensor tensor) throws OrtException {
        List<Long> shape = Arrays.stream(tensor.getInfo().getShape()).boxed().toList();
        List<Object> texts = new ArrayList<>();
        flatten(tensor.getValue(), texts);
        return Tensors.longs(
                shape,
                texts.stream().mapToLong(text -> TextDigest.of((String) text)).toArray());
    }

    private static void flatten(Object value, List<Object> elements) {
        if (value instanceof Object[] array) {
            Arrays.stream(array).forEach(each -> flatten(each, elements));
        } else {
            elements.add(value);
        }
    }

    /** Maps with equally many entries are the rows of a matrix. */
    private static Tensor sequence(String name, List<? extends OnnxValue> elements) throws OrtException {
        List<Tensor> rows = new ArrayList<>();
        try {
            for (OnnxValue element : elements) {
                rows.add(toHeap(name, element));
            }
        } finally {
            elements.forEach(OnnxValue::close);
        }
        double[] all = rows.stream()
                .flatMapToDouble(row -> Arrays.stream(Tensors.toDoubles(row)))
                .toArray();
        boolean maps = elements.stream().allMatch(OnnxMap.class::isInstance)
                && rows.stream().map(Tensor::shape).distinct().count() == 1;
        return maps
                ? Tensors.fromDoubles(DataType.FLOAT64, Tensors.shape(rows.size(), all.length / rows.size()), all)
                : vector(all);
    }

    private static Tensor vector(double[] values) {
        return Tensors.fromDoubles(DataType.FLOAT64, Tensors.shape(values.length), values);
    }

    private static double[] values(OnnxMap map) throws OrtException {
        return map.getValue().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .map(Map.Entry::getValue)
                .flatMapToDouble(value -> DoubleStream.of(
                        value instanceof Number number ? number.doubleValue() : TextDigest.of((String) value)))
                .toArray();
    }
}
