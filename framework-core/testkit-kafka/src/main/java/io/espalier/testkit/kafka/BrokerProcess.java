package io.espalier.testkit.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A real broker in a process of its own, for tests that kill it. The process ends by itself when the JVM that started
 * it is gone. Not thread-safe.
 */
public final class BrokerProcess implements AutoCloseable {

    private static final String READY = "broker is ready";

    private final Path folder = EmbeddedKafka.newFolder();
    private final int[] ports = Ports.free(2);
    private Process process;

    /** Starts a broker and waits until it serves. */
    public static BrokerProcess start() {
        BrokerProcess broker = new BrokerProcess();
        broker.restart();
        return broker;
    }

    private BrokerProcess() {}

    /** Where clients connect: {@code localhost:PORT}. */
    public String bootstrap() {
        return "localhost:" + ports[0];
    }

    /** Kills the process at once (SIGKILL), as a crash would. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts the broker again after {@link #kill()}, on the same port and with what it held. */
    public void restart() {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                folder.toString(),
                Integer.toString(ports[0]),
                Integer.toString(ports[1]));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(folder.resolve("broker.err").toFile())
                    .start();
            awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() throws IOException {
        String said =
                process.inputReader().lines().filter(READY::equals).findFirst().orElse("");
        if (!said.equals(READY)) {
            throw new IllegalStateException("the broker ended while it started; see " + folder.resolve("broker.err"));
        }
    }

    @Override
    public void close() {
        kill();
        EmbeddedKafka.delete(folder);
    }

    /** The process itself: serves until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        KraftServer server = new KraftServer(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Map.of());
        server.start();
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Nobody writes here: the end of the stream is the end of the parent.
        }
        Runtime.getRuntime().halt(0);
    }
}
