package io.espalier.adapter.tflite.run;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/**
 * The process that runs the interpreter: it answers requests on standard input until that ends. Each process has one model at
 * a time; loading another one replaces it.
 */
public final class InterpreterMain {

    private final Pipe pipe;
    private NativeInterpreter interpreter;

    private InterpreterMain(Pipe pipe) {
        this.pipe = pipe;
    }

    /** Starts the process. */
    public static void main(String[] arguments) throws IOException {
        outliveSignals();
        endWithParent();
        loadLibrary();
        Pipe pipe = new Pipe(
                new FileInputStream(FileDescriptor.in).getChannel(),
                new FileOutputStream(FileDescriptor.out).getChannel());
        try {
            new InterpreterMain(pipe).serve();
        } catch (EOFException parentIsDone) {
            Runtime.getRuntime().halt(0);
        }
    }

    /** Ctrl-C in a terminal reaches every process there; when this one ends is for the parent to say. */
    private static void outliveSignals() {
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                main.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Standard input ends with the parent, but nobody reads it while the interpreter is busy. */
    private static void endWithParent() {
        ProcessHandle.current()
                .parent()
                .ifPresent(parent ->
                        parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    }

    private static void loadLibrary() {
        try {
            Loader.load(tensorflowlite.class);
        } catch (LinkageError e) {
            System.err.println(InterpreterMessages.ERROR + e);
            Runtime.getRuntime().halt(Pipe.NO_INTERPRETER);
        }
    }

    private void serve() throws IOException {
        while (true) {
            Pipe.Request request = Pipe.Request.values()[pipe.receive()];
            try {
                answer(request);
            } catch (NativeInterpreter.RefusedException e) {
                System.err.println(InterpreterMessages.END);
                pipe.send(Pipe.Status.REFUSED.ordinal());
                pipe.send(e.getMessage());
            }
        }
    }

    private void answer(Pipe.Request request) throws IOException, NativeInterpreter.RefusedException {
        switch (request) {
            case LOAD -> {
                unload();
                int threads = pipe.receive();
                BytePointer memory = NativeInterpreter.allocate(pipe.receiveSize());
                pipe.receive(NativeInterpreter.aligned(memory).asByteBuffer());
                interpreter = NativeInterpreter.open(memory, threads);
                describeInputs();
            }
            case RESIZE -> {
                List<int[]> shapes = new ArrayList<>();
                for (int i = pipe.receiveTensors(); i > 0; i--) {
                    shapes.add(pipe.receiveAll());
                }
                interpreter.resize(shapes);
                describeInputs();
            }
            case RUN -> run();
        }
    }

    private void unload() {
        if (interpreter != null) {
            interpreter.close();
            interpreter = null;
        }
    }

    private void describeInputs() throws IOException {
        List<NativeTensor> inputs = interpreter.inputs();
        pipe.send(Pipe.Status.DONE.ordinal(), inputs.size());
        for (NativeTensor input : inputs) {
            describe(input);
        }
    }

    private void describe(NativeTensor tensor) throws IOException {
        pipe.send(tensor.type());
        pipe.sendAll(tensor.shape());
        pipe.send(tensor.data().remaining());
    }

    private void run() throws IOException, NativeInterpreter.RefusedException {
        interpreter.reset();
        for (NativeTensor input : interpreter.inputs()) {
            pipe.receive(input.data());
        }
        long start = System.nanoTime();
        interpreter.invoke();
        long nanos = System.nanoTime() - start;
        List<NativeTensor> outputs = interpreter.outputs();
        pipe.send(Pipe.Status.DONE.ordinal(), outputs.size());
        pipe.sendLong(nanos);
        for (NativeTensor output : outputs) {
            describe(output);
            pipe.send(output.data());
        }
    }
}
