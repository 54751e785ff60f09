package io.espalier.adapter.tflite.run;

import io.espalier.adapter.tflite.store.Payload;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.bytedeco.tensorflowlite.Interpreter;

/**
 * The processes in which one model, its file and what edits make of it, is run. A process is started when none is free, and ends
 * when this is closed. Thread-safe.
 */
public class Interpreters implements AutoCloseable {

    private final Deque<InterpreterProcess> free = new ArrayDeque<>();
    private boolean closed;

    /** The version of the interpreter, as its Java library names it. */
    public static String version() {
        return version(Interpreter.class.getPackage());
    }

    private static String version(Package library) {
        return Objects.requireNonNullElse(library.getImplementationVersion(), "");
    }

    /** Loads a model that is run by one thread. */
    public Runner open(Payload file, List<String> inputs, List<String> outputs) {
        return open(file, inputs, outputs, 1);
    }

    /**
     * Loads a model.
     *
     * @param file the bytes of its file
     * @param inputs names for the inputs of its main graph, in order
     * @param outputs names for its outputs, in order
     * @param threads threads of the interpreter
     * @throws ExecutionException when the interpreter refuses it
     * @throws io.espalier.spi.execution.CrashException when the interpreter ends its process
     */
    public Runner open(Payload file, List<String> inputs, List<String> outputs, int threads) {
        return new InterpreterRunner(file, inputs, outputs, threads, this::take, this::keep);
    }

    private InterpreterProcess take() {
        synchronized (free) {
            if (!free.isEmpty()) {
                return free.pop();
            }
        }
        return InterpreterProcess.start();
    }

    private void keep(InterpreterProcess process) {
        synchronized (free) {
            if (!closed && process.isAlive()) {
                free.push(process);
                return;
            }
        }
        process.close();
    }

    @Override
    public void close() {
        synchronized (free) {
            closed = true;
            free.forEach(InterpreterProcess::close);
            free.clear();
        }
    }
}
