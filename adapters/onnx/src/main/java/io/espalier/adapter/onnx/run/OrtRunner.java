package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.espalier.spi.adapter.ExecutionException;
import io.espalier.spi.adapter.Runner;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A loaded onnxruntime session. Not thread-safe. */
public final class OrtRunner implements Runner {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<String> inputs;
    private final List<String> outputs;
    private final Set<String> single;

    OrtRunner(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.inputs = List.copyOf(session.getInputNames());
        this.outputs = List.copyOf(session.getOutputNames());
        this.single = session.getInputInfo().entrySet().stream()
                .filter(input ->
                        input.getValue().getInfo() instanceof TensorInfo tensor && tensor.type == OnnxJavaType.FLOAT)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<String> inputs() {
        return inputs;
    }

    @Override
    public List<String> outputs() {
        return outputs;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> values) {
        Map<String, OnnxTensor> fed = new LinkedHashMap<>();
        try {
            for (String input : inputs) {
                Tensor value = values.get(input);
                if (value == null) {
                    throw new ExecutionException("no value was given for input '" + input + "'", null);
                }
                fed.put(input, OrtTensors.toNative(environment, widened(input, value)));
            }
            try (OrtSession.Result result = session.run(fed)) {
                return collect(result);
            }
        } catch (OrtException e) {
            throw OrtSessions.refused(e);
        } finally {
            fed.values().forEach(OnnxTensor::close);
        }
    }

    /** A model that was given in bfloat16 may have been loaded in single precision. */
    private Tensor widened(String input, Tensor value) {
        return value.type() == DataType.BFLOAT16 && single.contains(input)
                ? Tensors.floats(value.shape(), Tensors.toFloats(value))
                : value;
    }

    private static Map<String, Tensor> collect(OrtSession.Result result) throws OrtException {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
            if (!(output.getValue() instanceof OnnxTensor tensor)) {
                throw new ExecutionException("output '" + output.getKey() + "' is not a tensor", null);
            }
            outputs.put(output.getKey(), OrtTensors.toHeap(tensor));
        }
        return outputs;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw OrtSessions.refused(e);
        }
    }
}
