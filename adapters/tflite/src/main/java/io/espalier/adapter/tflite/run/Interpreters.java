package io.espalier.adapter.tflite.run;

import io.espalier.adapter.tflite.store.Payload;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The processes in which one model, its file and what edits make of it, is run. A process is started when none is free, and ends
 * when this is closed. Thread-safe.
 */
public class Interpreters implements AutoCloseable {

    private final Deque<InterpreterProcess> free = new ArrayDeque<>();
    private boolean closed;

    /**
     * Loads a model.
     *
     * @param file the bytes of its file
     * @param inputs names for the inputs of its main graph, in order
     * @param outputs names for its outputs, in order
     * @throws ExecutionException when the interpreter refuses it
     * @throws io.espalier.spi.execution.CrashException when the interpreter ends its process
     */
    public Runner open(Payload file, List<String> inputs, List<String> outputs) {
        return new InterpreterRunner(file, inputs, outputs, this::take, this::keep);
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
