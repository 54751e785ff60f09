package io.espalier.adapter.tflite.run;

import io.espalier.adapter.tflite.run.Pipe.Request;
import io.espalier.adapter.tflite.store.Payload;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A model that is loaded in a process of its own. Not thread-safe. */
final class InterpreterRunner implements Runner {

    private static final int BLOCK_BYTES = 1 << 20;

    private final Payload file;
    private final List<String> inputs;
    private final List<String> outputs;
    private final int threads;
    private final Supplier<InterpreterProcess> processes;
    private final Consumer<InterpreterProcess> free;
    private InterpreterProcess process;
    private List<Operand> operands = List.of();
    /** False before the model is loaded, and after a failure, which may have left it in any state. */
    private boolean loaded;

    /** What the interpreter says of an input or an output. */
    private record Operand(int type, int[] shape, int bytes) {

        static Operand received(Pipe pipe) throws IOException {
            return new Operand(pipe.receive(), pipe.receiveAll(), pipe.receiveSize());
        }
    }

    /** What a run has made, and how long the interpreter took. */
    private record Result(Duration time, Map<String, Tensor> outputs) {}

    /**
     * Loads a model.
     *
     * @param file the bytes of its file
     * @param inputs names for the inputs of its main graph, in order
     * @param outputs names for its outputs, in order
     * @param threads threads of the interpreter
     * @param processes gives a process to load it in
     * @param free takes a process that is not needed any more
     */
    InterpreterRunner(
            Payload file,
            List<String> inputs,
            List<String> outputs,
            int threads,
            Supplier<InterpreterProcess> processes,
            Consumer<InterpreterProcess> free) {
        this.file = file;
        this.inputs = inputs;
        this.outputs = outputs;
        this.threads = threads;
        this.processes = processes;
        this.free = free;
        this.process = processes.get();
        try {
            load();
        } catch (RuntimeException e) {
            free.accept(process);
            throw e;
        }
    }

    private void load() {
        if (!process.isAlive()) {
            process = processes.get();
        }
        ask(Request.LOAD, pipe -> {
            pipe.send(threads, file.size());
            ByteBuffer block = ByteBuffer.allocate(Math.min(file.size(), BLOCK_BYTES));
            for (long place = 0; place < file.size(); place += block.limit()) {
                file.read(place, block.clear().limit((int) Math.min(block.capacity(), file.size() - place)));
                pipe.send(block.flip());
            }
        });
    }

    /** Asks for something that is answered with the inputs. */
    private void ask(Request request, InterpreterProcess.Sending sending) {
        operands = ask(request, sending, InterpreterRunner::operands);
    }

    private <T> T ask(Request request, InterpreterProcess.Sending sending, InterpreterProcess.Answer<T> answer) {
        loaded = false;
        T result = process.ask(
                pipe -> {
                    pipe.send(request.ordinal());
                    sending.to(pipe);
                },
                answer);
        loaded = true;
        return result;
    }

    private static List<Operand> operands(Pipe pipe) throws IOException {
        List<Operand> operands = new ArrayList<>();
        for (int i = pipe.receiveTensors(); i > 0; i--) {
            operands.add(Operand.received(pipe));
        }
        return operands;
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
        return compute(values).outputs();
    }

    @Override
    public Duration time(Map<String, Tensor> values) {
        return compute(values).time();
    }

    private Result compute(Map<String, Tensor> values) {
        List<Tensor> given = inputs.stream().map(input -> value(values, input)).toList();
        if (!loaded) {
            load();
        }
        resize(given.stream().map(InterpreterRunner::shape).toList());
        List<ByteBuffer> bytes = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            bytes.add(bytes(operands.get(i), inputs.get(i), given.get(i)));
        }
        return ask(
                Request.RUN,
                pipe -> {
                    for (ByteBuffer each : bytes) {
                        pipe.send(each);
                    }
                },
                this::result);
    }

    private static Tensor value(Map<String, Tensor> values, String input) {
        Tensor value = values.get(input);
        if (value == null) {
            throw new ExecutionException("no value was given for input '" + input + "'", null);
        }
        return value;
    }

    private static int[] shape(Tensor tensor) {
        return tensor.shape().stream().mapToInt(Math::toIntExact).toArray();
    }

    private void resize(List<int[]> shapes) {
        boolean fits = operands.size() == shapes.size();
        for (int i = 0; fits && i < shapes.size(); i++) {
            fits = Arrays.equals(operands.get(i).shape(), shapes.get(i));
        }
        if (!fits) {
            ask(Request.RESIZE, pipe -> {
                pipe.send(shapes.size());
                for (int[] shape : shapes) {
                    pipe.sendAll(shape);
                }
            });
        }
    }

    private static ByteBuffer bytes(Operand operand, String name, Tensor value) {
        ByteBuffer bytes = Tensors.toBytes(value);
        if (value.type() != InterpreterTypes.of(operand.type()) || bytes.remaining() != operand.bytes()) {
            throw new ExecutionException(
                    "input '" + name + "' has elements of another type than " + value.type(), null);
        }
        return bytes;
    }

    private Result result(Pipe pipe) throws IOException {
        int count = pipe.receiveTensors();
        Duration time = Duration.ofNanos(pipe.receiveLong());
        List<Operand> described = new ArrayList<>();
        List<ByteBuffer> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            described.add(Operand.received(pipe));
            ByteBuffer bytes = ByteBuffer.allocate(described.get(i).bytes()).order(ByteOrder.LITTLE_ENDIAN);
            pipe.receive(bytes);
            values.add(bytes.flip());
        }
        Map<String, Tensor> results = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            results.put(outputs.get(i), tensor(outputs.get(i), described.get(i), values.get(i)));
        }
        return new Result(time, results);
    }

    private static Tensor tensor(String name, Operand described, ByteBuffer values) {
        DataType type = InterpreterTypes.of(described.type());
        if (type == null) {
            throw new ExecutionException("output '" + name + "' is not made of numbers", null);
        }
        List<Long> shape =
                Arrays.stream(described.shape()).asLongStream().boxed().toList();
        return Tensors.of(type, shape, values);
    }

    @Override
    public void close() {
        free.accept(process);
    }
}
