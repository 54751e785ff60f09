package io.espalier.adapter.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.tensorflow.lite.schema.BufferT;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.BuiltinOptionsUnion;
import org.tensorflow.lite.schema.MetadataT;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.ModelT;
import org.tensorflow.lite.schema.OperatorCodeT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.SignatureDefT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorMapT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;

/** Builds small TFLite models with seeded weights, by the schema's own object API and packer. */
final class TestingTflite {

    private final SplittableRandom random;
    private final List<TensorT> tensors = new ArrayList<>();
    private final List<OperatorT> operators = new ArrayList<>();
    private final List<OperatorCodeT> codes = new ArrayList<>();
    private final List<BufferT> buffers = new ArrayList<>();
    private final List<Integer> inputs = new ArrayList<>();
    private final List<MetadataT> metadata = new ArrayList<>();
    private final List<SubGraphT> further = new ArrayList<>();

    TestingTflite(long seed) {
        random = new SplittableRandom(seed);
        buffer(new byte[0]);
    }

    int[] shape(int tensor) {
        return tensors.get(tensor).getShape();
    }

    TensorT tensor(int tensor) {
        return tensors.get(tensor);
    }

    int input(int... shape) {
        return input(TensorType.FLOAT32, shape);
    }

    int input(byte type, int... shape) {
        int tensor = add("input" + inputs.size(), type, 0, shape);
        inputs.add(tensor);
        return tensor;
    }

    /** A computed tensor. */
    int value(byte type, int... shape) {
        return add("value" + tensors.size(), type, 0, shape);
    }

    int add(String name, byte type, int buffer, int... shape) {
        TensorT tensor = new TensorT();
        tensor.setName(name);
        tensor.setType(type);
        tensor.setShape(shape);
        tensor.setBuffer(buffer);
        tensors.add(tensor);
        return tensors.size() - 1;
    }

    int buffer(byte[] bytes) {
        int[] data = new int[bytes.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = bytes[i] & 0xFF;
        }
        BufferT buffer = new BufferT();
        buffer.setData(bytes.length == 0 ? null : data);
        buffers.add(buffer);
        return buffers.size() - 1;
    }

    static int size(int... shape) {
        int size = 1;
        for (int extent : shape) {
            size *= extent;
        }
        return size;
    }

    /** Random weights, scaled so that sums over them stay near one. */
    int weights(int... shape) {
        double scale = 1.5 / Math.sqrt(Math.max(1, size(shape) / shape[0]));
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return floats(values, shape);
    }

    int floats(float[] values, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return add("weights" + tensors.size(), TensorType.FLOAT32, buffer(bytes.array()), shape);
    }

    int halves(int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * size(shape)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size(shape); i++) {
            bytes.putShort(io.espalier.spi.tensor.Elements.floatToHalf((float) (random.nextGaussian() * 0.3)));
        }
        return add("halves" + tensors.size(), TensorType.FLOAT16, buffer(bytes.array()), shape);
    }

    /** Random quantised weights with one scale for each position of an axis. */
    int quantised(int axis, double scale, int... shape) {
        byte[] bytes = new byte[size(shape)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(255) - 127);
        }
        int tensor = add("quantised" + tensors.size(), TensorType.INT8, buffer(bytes), shape);
        float[] scales = new float[axis < 0 ? 1 : shape[axis]];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (float) (scale * (0.5 + random.nextDouble()));
        }
        quantise(tensor, Math.max(axis, 0), scales, new long[scales.length]);
        return tensor;
    }

    /** A 32-bit bias with the scales of input times weights. */
    int quantisedBias(int input, int weights, int count) {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(2001) - 1000;
        }
        int tensor = ints(new int[] {count}, values);
        float[] scales = tensors.get(weights).getQuantization().getScale().clone();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= tensors.get(input).getQuantization().getScale()[0];
        }
        quantise(tensor, 0, scales, new long[scales.length]);
        return tensor;
    }

    void quantise(int tensor, int axis, float[] scales, long[] zeros) {
        QuantizationParametersT quantization = new QuantizationParametersT();
        quantization.setScale(scales);
        quantization.setZeroPoint(zeros);
        quantization.setQuantizedDimension(axis);
        tensors.get(tensor).setQuantization(quantization);
    }

    void quantise(int tensor, double scale, long zero) {
        quantise(tensor, 0, new float[] {(float) scale}, new long[] {zero});
    }

    int ints(int[] shape, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return add("numbers" + tensors.size(), TensorType.INT32, buffer(bytes.array()), shape);
    }

    int vector(int... values) {
        return ints(new int[] {values.length}, values);
    }

    int scalar(int value) {
        return ints(new int[0], value);
    }

    /** Adds an operator with one result. */
    int operator(int builtin, Object options, int[] operands, int... shape) {
        return operator(builtin, options, operands, TensorType.FLOAT32, shape);
    }

    int operator(int builtin, Object options, int[] operands, byte type, int... shape) {
        int result = value(type, shape);
        operator(builtin, "", options, operands, result);
        return result;
    }

    OperatorT operator(int builtin, String custom, Object options, int[] operands, int... results) {
        OperatorT operator = new OperatorT();
        operator.setOpcodeIndex(code(builtin, custom));
        operator.setInputs(operands);
        operator.setOutputs(results);
        if (options != null) {
            BuiltinOptionsUnion union = new BuiltinOptionsUnion();
            union.setType(type(options));
            union.setValue(options);
            operator.setBuiltinOptions(union);
        }
        operators.add(operator);
        return operator;
    }

    private static byte type(Object options) {
        String name = options.getClass().getSimpleName().replaceAll("T$", "");
        for (int i = 0; i < BuiltinOptions.names.length; i++) {
            if (BuiltinOptions.names[i].equals(name)) {
                return (byte) i;
            }
        }
        throw new IllegalArgumentException(name);
    }

    private int code(int builtin, String custom) {
        for (int i = 0; i < codes.size(); i++) {
            String known = codes.get(i).getCustomCode();
            if (codes.get(i).getBuiltinCode() == builtin && custom.equals(known == null ? "" : known)) {
                return i;
            }
        }
        OperatorCodeT code = new OperatorCodeT();
        code.setBuiltinCode(builtin);
        code.setDeprecatedBuiltinCode((byte) Math.min(builtin, 127));
        code.setVersion(1);
        code.setCustomCode(custom.isEmpty() ? null : custom);
        codes.add(code);
        return codes.size() - 1;
    }

    /** Leaves the first extent of all activations open, as converters do unless told otherwise, and those of images. */
    void open(boolean images) {
        for (TensorT tensor : tensors) {
            int rank = tensor.getShape().length;
            if (tensor.getBuffer() == 0 && tensor.getType() == TensorType.FLOAT32 && rank > 1) {
                int[] signature = tensor.getShape().clone();
                Arrays.fill(signature, 0, images && rank == 4 ? 3 : 1, -1);
                tensor.setShapeSignature(signature);
            }
        }
    }

    /** Changes what the first operator reads. */
    TestingTflite withInput(int slot, int tensor) {
        operators.get(0).getInputs()[slot] = tensor;
        return this;
    }

    void version(int builtin, int version) {
        codes.get(code(builtin, "")).setVersion(version);
    }

    void metadata(String name, byte[] bytes) {
        MetadataT entry = new MetadataT();
        entry.setName(name);
        entry.setBuffer(buffer(bytes));
        metadata.add(entry);
    }

    /** Adds a graph of its own that returns one constant. */
    void furtherGraph(String name, int buffer, int... shape) {
        TensorT tensor = new TensorT();
        tensor.setName(name + "/constant");
        tensor.setType(TensorType.FLOAT32);
        tensor.setShape(shape);
        tensor.setBuffer(buffer);
        SubGraphT graph = new SubGraphT();
        graph.setName(name);
        graph.setTensors(new TensorT[] {tensor});
        graph.setInputs(new int[0]);
        graph.setOutputs(new int[] {0});
        graph.setOperators(new OperatorT[0]);
        further.add(graph);
    }

    byte[] bytes(int... outputs) {
        SubGraphT graph = new SubGraphT();
        graph.setName("main");
        graph.setTensors(tensors.toArray(TensorT[]::new));
        graph.setInputs(inputs.stream().mapToInt(Integer::intValue).toArray());
        graph.setOutputs(outputs);
        graph.setOperators(operators.toArray(OperatorT[]::new));
        ModelT model = new ModelT();
        model.setVersion(3);
        model.setDescription("seeded");
        model.setOperatorCodes(codes.toArray(OperatorCodeT[]::new));
        further.add(0, graph);
        model.setSubgraphs(further.toArray(SubGraphT[]::new));
        further.remove(0);
        model.setBuffers(buffers.toArray(BufferT[]::new));
        model.setMetadata(metadata.toArray(MetadataT[]::new));
        model.setSignatureDefs(new SignatureDefT[] {signature(outputs)});
        FlatBufferBuilder builder = new FlatBufferBuilder();
        builder.finish(Model.pack(builder, model), "TFL3");
        return builder.sizedByteArray();
    }

    private SignatureDefT signature(int... outputs) {
        SignatureDefT signature = new SignatureDefT();
        signature.setSignatureKey("serving_default");
        signature.setInputs(inputs.stream().map(this::map).toArray(TensorMapT[]::new));
        TensorMapT[] results = new TensorMapT[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            results[i] = map(outputs[i]);
        }
        signature.setOutputs(results);
        return signature;
    }

    private TensorMapT map(int tensor) {
        TensorMapT map = new TensorMapT();
        map.setName(tensors.get(tensor).getName());
        map.setTensorIndex(tensor);
        return map;
    }

    Path write(Path folder, int... outputs) {
        try {
            Path file = folder.resolve("model.tflite");
            Files.write(file, bytes(outputs));
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
