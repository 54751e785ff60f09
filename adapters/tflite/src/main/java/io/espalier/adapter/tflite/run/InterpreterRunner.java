package io.espalier.adapter.tflite.run;

import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteTensor;

/** The stock interpreter with a file loaded, XNNPACK on and one thread. Not thread-safe. */
public final class InterpreterRunner implements Runner {

    private static final int OK = 0;
    private static final int ALIGNMENT = 64;

    private final BytePointer memory;
    private final FlatBufferModel model;
    private final BuiltinOpResolver operators;
    private final InterpreterBuilder builder;
    private final Interpreter interpreter;
    private final List<String> inputs;
    private final List<String> outputs;

    private InterpreterRunner(
            BytePointer memory,
            FlatBufferModel model,
            BuiltinOpResolver operators,
            InterpreterBuilder builder,
            Interpreter interpreter,
            List<String> inputs,
            List<String> outputs) {
        this.memory = memory;
        this.model = model;
        this.operators = operators;
        this.builder = builder;
        this.interpreter = interpreter;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /**
     * Loads a file.
     *
     * @param inputs names for the inputs of its main graph, in order
     * @param outputs names for its outputs, in order
     * @throws ExecutionException when the interpreter refuses it
     */
    public static Runner open(Path file, List<String> inputs, List<String> outputs) {
        BytePointer none = new BytePointer();
        return open(FlatBufferModel.BuildFromFile(file.toString()), none, inputs, outputs);
    }

    /**
     * Loads the bytes of a file.
     *
     * @throws ExecutionException when the interpreter refuses it
     */
    public static Runner of(ByteBuffer file, List<String> inputs, List<String> outputs) {
        // The interpreter reads from these bytes as long as it lives, and wants them aligned.
        BytePointer memory = new BytePointer(file.remaining() + ALIGNMENT);
        BytePointer bytes = memory.getPointer((ALIGNMENT - memory.address() % ALIGNMENT) % ALIGNMENT);
        long size = file.remaining();
        bytes.capacity(size).asByteBuffer().put(file);
        return open(FlatBufferModel.BuildFromBuffer(bytes, size), memory, inputs, outputs);
    }

    private static Runner open(FlatBufferModel model, BytePointer memory, List<String> inputs, List<String> outputs) {
        if (model == null || model.isNull()) {
            throw new ExecutionException("the interpreter cannot load the model", null);
        }
        BuiltinOpResolver operators = new BuiltinOpResolver();
        InterpreterBuilder builder = new InterpreterBuilder(model, operators);
        // No native object yet: one that the builder replaces would be freed twice.
        Interpreter interpreter = new Interpreter((Pointer) null);
        InterpreterRunner runner =
                new InterpreterRunner(memory, model, operators, builder, interpreter, inputs, outputs);
        try {
            demand(builder.apply(interpreter, 1), "the interpreter refuses the model");
            demand(interpreter.AllocateTensors(), "the interpreter cannot prepare the model");
            return runner;
        } catch (ExecutionException e) {
            runner.close();
            throw e;
        }
    }

    /** What went wrong in detail, the interpreter writes to the error stream itself. */
    private static void demand(int status, String otherwise) {
        if (status != OK) {
            throw new ExecutionException(otherwise + " (status " + status + ")", null);
        }
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
        resize(values);
        for (int i = 0; i < inputs.size(); i++) {
            feed(interpreter.input_tensor(i), inputs.get(i), value(values, inputs.get(i)));
        }
        demand(interpreter.Invoke(), "the interpreter fails while it runs the model");
        Map<String, Tensor> results = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            results.put(outputs.get(i), collect(interpreter.output_tensor(i), outputs.get(i)));
        }
        return results;
    }

    private static Tensor value(Map<String, Tensor> values, String input) {
        Tensor value = values.get(input);
        if (value == null) {
            throw new ExecutionException("no value was given for input '" + input + "'", null);
        }
        return value;
    }

    private void resize(Map<String, Tensor> values) {
        boolean changed = false;
        for (int i = 0; i < inputs.size(); i++) {
            List<Long> wanted = value(values, inputs.get(i)).shape();
            if (!wanted.equals(shape(interpreter.input_tensor(i)))) {
                int[] extents = wanted.stream().mapToInt(Math::toIntExact).toArray();
                int tensor = interpreter.inputs().get(i);
                demand(interpreter.ResizeInputTensor(tensor, extents), "the interpreter cannot resize an input");
                changed = true;
            }
        }
        if (changed) {
            demand(interpreter.AllocateTensors(), "the interpreter refuses these extents");
        }
        interpreter.ResetVariableTensors();
    }

    private static List<Long> shape(TfLiteTensor tensor) {
        List<Long> shape = new ArrayList<>();
        for (int axis = 0; axis < tensor.dims().size(); axis++) {
            shape.add((long) tensor.dims().data(axis));
        }
        return shape;
    }

    private static void feed(TfLiteTensor tensor, String name, Tensor value) {
        if (value.type() != InterpreterTypes.of(tensor.type())) {
            throw new ExecutionException(
                    "input '" + name + "' has elements of another type than " + value.type(), null);
        }
        ByteBuffer bytes = Tensors.toBytes(value);
        if (bytes.remaining() > 0) {
            bytes(tensor).put(bytes);
        }
    }

    private static Tensor collect(TfLiteTensor tensor, String name) {
        ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(tensor.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        if (copy.hasRemaining()) {
            copy.put(bytes(tensor));
        }
        if (InterpreterTypes.of(tensor.type()) == null) {
            throw new ExecutionException("output '" + name + "' is not made of numbers", null);
        }
        return Tensors.of(InterpreterTypes.of(tensor.type()), shape(tensor), copy.flip());
    }

    private static ByteBuffer bytes(TfLiteTensor tensor) {
        BytePointer data = tensor.data().raw();
        return data.capacity(tensor.bytes()).asByteBuffer();
    }

    @Override
    public void close() {
        interpreter.close();
        builder.close();
        operators.close();
        model.close();
        memory.close();
    }
}
