package io.espalier.adapter.tflite.run;

import io.espalier.spi.BudgetException;
import io.espalier.spi.execution.CrashException;
import io.espalier.spi.execution.ExecutionException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process that runs the interpreter, seen from outside. It ends when it is closed, when this process ends, and when it does
 * not answer in time. Not thread-safe.
 */
final class InterpreterProcess implements AutoCloseable {

    private static final long SECONDS_TO_ANSWER = 120;
    private static final long SECONDS_TO_END = 10;

    private final Process process;
    private final long seconds;
    private final Pipe pipe;
    private final InterpreterMessages messages;
    private volatile boolean late;

    private InterpreterProcess(Process process, long seconds) {
        this.seconds = seconds;
        this.process = process;
        this.pipe =
                new Pipe(Channels.newChannel(process.getInputStream()), Channels.newChannel(process.getOutputStream()));
        this.messages = InterpreterMessages.of(process.getErrorStream());
    }

    /**
     * Starts a process.
     *
     * @throws ExecutionException when that is impossible
     */
    static InterpreterProcess start() {
        return start(SECONDS_TO_ANSWER);
    }

    /** Starts a process that is ended when it takes longer for an answer. */
    static InterpreterProcess start(long seconds) {
        ProcessBuilder builder = new ProcessBuilder(InterpreterCommand.command());
        Map<String, String> environment = builder.environment();
        // Options for every Java of this user, such as a debugger's, are not meant for this one.
        environment.keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        try {
            return new InterpreterProcess(builder.start(), seconds);
        } catch (IOException e) {
            throw new ExecutionException(
                    "the TFLite interpreter runs in a process of its own, which cannot be started: " + e.getMessage(),
                    e);
        }
    }

    /** Sends a request. */
    @FunctionalInterface
    interface Sending {
        void to(Pipe pipe) throws IOException;
    }

    /** Reads the answer to a request that was not refused. */
    @FunctionalInterface
    interface Answer<T> {
        T from(Pipe pipe) throws IOException;
    }

    /**
     * Asks for something.
     *
     * @throws ExecutionException when the interpreter refuses, or ends its process
     * @throws BudgetException when it does not answer in time
     */
    <T> T ask(Sending request, Answer<T> answer) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        done.orTimeout(seconds, TimeUnit.SECONDS).whenComplete((nothing, timeout) -> {
            if (timeout != null) {
                late = true;
                process.destroyForcibly();
            }
        });
        try {
            request.to(pipe);
            process.getOutputStream().flush();
            if (pipe.receiveStatus() == Pipe.Status.DONE) {
                return answer.from(pipe);
            }
            throw new ExecutionException(pipe.receiveText() + messages.take(), null);
        } catch (IOException e) {
            throw ended(e);
        } finally {
            done.complete(null);
        }
    }

    private RuntimeException ended(IOException cause) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        int code = interrupted ? 0 : exitCode();
        close();
        if (late) {
            return new BudgetException(
                    "the TFLite interpreter was ended because it took more than " + seconds + " seconds");
        }
        if (interrupted) {
            return new ExecutionException("the interpreter was interrupted", cause);
        }
        if (code == Pipe.NO_INTERPRETER) {
            return new ExecutionException("the interpreter cannot be loaded" + messages.take(), cause);
        }
        return new CrashException("the process of the interpreter ended with code " + code + messages.take(), cause);
    }

    /** The exit code of a process that writes nothing any more. */
    private int exitCode() {
        try {
            return process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
