package io.espalier.adapter.tflite.run;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteTensor;

/**
 * The stock interpreter with a model loaded, XNNPACK on. A damaged model can end the process, which is why
 * only {@link InterpreterMain} uses this. Not thread-safe.
 */
final class NativeInterpreter implements AutoCloseable {

    private static final int OK = 0;
    private static final int ALIGNMENT = 64;

    private final BytePointer memory;
    private final FlatBufferModel model;
    private final BuiltinOpResolver operators = new BuiltinOpResolver();
    private final InterpreterBuilder builder;
    // No native object yet: one that the builder replaces would be freed twice.
    private final Interpreter interpreter = new Interpreter((Pointer) null);

    private NativeInterpreter(FlatBufferModel model, BytePointer memory) {
        this.memory = memory;
        this.model = model;
        this.builder = new InterpreterBuilder(model, operators);
    }

    /** The interpreter refuses a model or its extents; in detail it says why on the error stream. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Aligned memory for the bytes of a model, to be handed to {@link #open(BytePointer)}. */
    static BytePointer allocate(long size) {
        return new BytePointer(size + ALIGNMENT);
    }

    /** The part of allocated memory that the bytes belong to. */
    static BytePointer aligned(BytePointer memory) {
        BytePointer bytes = memory.getPointer((ALIGNMENT - memory.address() % ALIGNMENT) % ALIGNMENT);
        return bytes.capacity(memory.capacity() - ALIGNMENT);
    }

    /** Loads the bytes of a file, from which the interpreter reads as long as it lives. */
    static NativeInterpreter open(BytePointer memory, int threads) throws RefusedException {
        BytePointer bytes = aligned(memory);
        return open(FlatBufferModel.BuildFromBuffer(bytes, bytes.capacity()), memory, threads);
    }

    private static NativeInterpreter open(FlatBufferModel model, BytePointer memory, int threads)
            throws RefusedException {
        if (model == null || model.isNull()) {
            throw new RefusedException("the interpreter cannot load the model");
        }
        NativeInterpreter opened = new NativeInterpreter(model, memory);
        try {
            demand(opened.builder.apply(opened.interpreter, threads), "the interpreter refuses the model");
            demand(opened.interpreter.AllocateTensors(), "the interpreter cannot prepare the model");
            return opened;
        } catch (RefusedException e) {
            opened.close();
            throw e;
        }
    }

    private static void demand(int status, String otherwise) throws RefusedException {
        if (status != OK) {
            throw new RefusedException(otherwise);
        }
    }

    List<NativeTensor> inputs() {
        List<NativeTensor> tensors = new ArrayList<>();
        for (int i = 0; i < size(interpreter.inputs()); i++) {
            tensors.add(tensor(interpreter.input_tensor(i)));
        }
        return tensors;
    }

    List<NativeTensor> outputs() {
        List<NativeTensor> tensors = new ArrayList<>();
        for (int i = 0; i < size(interpreter.outputs()); i++) {
            tensors.add(tensor(interpreter.output_tensor(i)));
        }
        return tensors;
    }

    /** The pointer of an empty list is null. */
    private static long size(IntPointer indices) {
        return indices == null ? 0 : indices.limit();
    }

    private static NativeTensor tensor(TfLiteTensor tensor) {
        int[] shape = new int[tensor.dims().size()];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = tensor.dims().data(axis);
        }
        long size = tensor.bytes();
        ByteBuffer data = size == 0
                ? ByteBuffer.allocate(0)
                : tensor.data().raw().capacity(size).asByteBuffer();
        return new NativeTensor(tensor.type(), shape, data);
    }

    /** Gives the inputs other extents. */
    void resize(List<int[]> shapes) throws RefusedException {
        for (int i = 0; i < shapes.size(); i++) {
            int tensor = interpreter.inputs().get(i);
            demand(interpreter.ResizeInputTensor(tensor, shapes.get(i)), "the interpreter cannot resize an input");
        }
        demand(interpreter.AllocateTensors(), "the interpreter refuses these extents");
    }

    /** Sets what is kept between runs back to its beginning. */
    void reset() {
        interpreter.ResetVariableTensors();
    }

    /** Runs the model on what is in the inputs. */
    void invoke() throws RefusedException {
        demand(interpreter.Invoke(), "the interpreter fails while it runs the model");
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
