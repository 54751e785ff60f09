package io.espalier.adapter.tflite.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the error stream of a process and keeps what it says about a failure. Thread-safe. */
final class InterpreterMessages {

    /** What the process writes behind its messages when it refuses something. */
    static final String END = "END OF MESSAGES";

    /** How the interpreter begins a message about a failure. */
    static final String ERROR = "ERROR: ";

    private static final String EXCEPTION = "Exception in thread \"main\" ";
    private static final int MOST_LINES = 3;
    private static final int MOST_CHARACTERS = 200;

    private final List<String> errors = new ArrayList<>();
    private boolean complete;
    private boolean ended;

    /** Starts a thread that reads until the stream ends. */
    static InterpreterMessages of(InputStream stream) {
        InterpreterMessages messages = new InterpreterMessages();
        Thread thread = new Thread(() -> messages.read(stream), "espalier-tflite-messages");
        thread.setDaemon(true);
        thread.start();
        return messages;
    }

    private void read(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            reader.lines().forEach(this::add);
        } catch (IOException | UncheckedIOException closed) {
            // The process was ended while it wrote.
        }
        end();
    }

    private synchronized void add(String line) {
        if (line.equals(END)) {
            complete = true;
            notifyAll();
        }
        for (String start : List.of(ERROR, EXCEPTION)) {
            if (line.startsWith(start) && errors.size() < MOST_LINES) {
                String error = line.substring(start.length());
                errors.add(error.substring(0, Math.min(error.length(), MOST_CHARACTERS)));
            }
        }
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Takes the reasons of a failure that is known already, in brackets; empty when none were given. */
    synchronized String take() {
        try {
            while (!complete && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        complete = false;
        String reasons = errors.stream().collect(Collectors.joining("; ", " (", ")"));
        boolean none = errors.isEmpty();
        errors.clear();
        return none ? "" : reasons;
    }
}
