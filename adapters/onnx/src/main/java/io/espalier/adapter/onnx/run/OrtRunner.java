package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Session;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A loaded onnxruntime session; state stays in tensors of the runtime. Not thread-safe. */
public final class OrtRunner implements Session {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<String> inputs;
    private final List<String> outputs;
    private final Set<String> single;
    private final long seconds;
    /** For each output that computes state, the input it is kept for. */
    private final Map<String, String> state = new HashMap<>();

    private final Map<String, List<String>> texts;

    private final InputBuffers buffers = new InputBuffers();

    private final Map<String, OnnxTensor> kept = new LinkedHashMap<>();

    OrtRunner(
            OrtEnvironment environment,
            OrtSession session,
            Map<String, String> state,
            Map<String, List<String>> texts,
            long seconds)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.texts = texts;
        this.seconds = seconds;
        state.forEach((input, output) -> this.state.put(output, input));
        this.inputs = List.copyOf(session.getInputNames());
        this.outputs = session.getOutputNames().stream()
                .filter(output -> !this.state.containsKey(output))
                .toList();
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
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (String input : inputs) {
                if (values.containsKey(input) || !kept.containsKey(input)) {
                    given.put(input, toNative(input, values.get(input)));
                }
            }
            Map<String, OnnxTensor> fed = new LinkedHashMap<>(kept);
            fed.putAll(given);
            return collect(TimedRun.of(session, fed, seconds));
        } catch (OrtException e) {
            throw Refusals.of(e);
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor toNative(String input, Tensor value) throws OrtException {
        if (value == null) {
            throw new ExecutionException("no value was given for input '" + input + "'", null);
        }
        return texts.containsKey(input)
                ? OrtTensors.toTexts(environment, value, texts.get(input))
                : copied(input, widened(input, value));
    }

    private OnnxTensor copied(String input, Tensor value) throws OrtException {
        // State is given once and kept by the runtime.
        ByteBuffer buffer = state.containsValue(input)
                ? InputBuffers.ofOneRun(value.byteSize())
                : buffers.of(input, value.byteSize());
        return OrtTensors.toNative(environment, value, buffer);
    }

    /** A model that was given in bfloat16 may have been loaded in single precision. */
    private Tensor widened(String input, Tensor value) {
        return value.type() == DataType.BFLOAT16 && single.contains(input)
                ? Tensors.floats(value.shape(), Tensors.toFloats(value))
                : value;
    }

    /** Copies results to the heap and closes them; those that are state replace what was kept. */
    private Map<String, Tensor> collect(OrtSession.Result result) {
        List<OnnxValue> closing = new ArrayList<>();
        result.forEach(output -> closing.add(output.getValue()));
        try {
            Map<String, Tensor> copies = new LinkedHashMap<>();
            Map<String, OnnxTensor> next = new LinkedHashMap<>();
            for (Map.Entry<String, OnnxValue> output : result) {
                if (state.containsKey(output.getKey())) {
                    next.put(state.get(output.getKey()), tensor(output));
                } else {
                    copies.put(output.getKey(), OrtValues.toHeap(output.getKey(), output.getValue()));
                }
            }
            closing.removeAll(next.values());
            closing.addAll(kept.values());
            kept.clear();
            kept.putAll(next);
            return copies;
        } finally {
            closing.forEach(OnnxValue::close);
        }
    }

    private static OnnxTensor tensor(Map.Entry<String, OnnxValue> output) {
        if (output.getValue() instanceof OnnxTensor tensor) {
            return tensor;
        }
        throw new ExecutionException("output '" + output.getKey() + "' is not a tensor", null);
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        kept.forEach((input, tensor) -> copies.put(input, OrtTensors.toHeap(tensor)));
        return copies;
    }

    @Override
    public void close() {
        kept.values().forEach(OnnxTensor::close);
        kept.clear();
        try {
            session.close();
        } catch (OrtException e) {
            throw Refusals.of(e);
        }
    }
}
