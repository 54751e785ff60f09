package io.espalier.testkit.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A real broker in this JVM: KRaft, one node, plain text on a free port of the loopback interface, topics are not
 * created by themselves.
 *
 * <p>The first broker of a JVM takes several seconds to start, so tests share one: {@link #shared()}. Give every test
 * topics of its own with {@link #newTopic()}. The folder of the broker is removed when it is closed. Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int TRIES = 3;
    private static EmbeddedKafka shared;

    private final Path folder;
    private final KraftServer server;
    private final int[] ports;
    private final AtomicInteger topics = new AtomicInteger();
    private boolean running;

    private EmbeddedKafka(Path folder, KraftServer server, int[] ports) {
        this.folder = folder;
        this.server = server;
        this.ports = ports;
    }

    /** The broker that all tests of this JVM share; started on first use and stopped when the JVM ends. */
    public static synchronized EmbeddedKafka shared() {
        if (shared == null) {
            shared = start(Map.of());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "embedded-kafka-stop"));
        }
        return shared;
    }

    /**
     * A broker of one's own, to be closed.
     *
     * @param settings settings of the broker that differ from those of a small broker for tests, or come on top;
     *     {@code PORT}, {@code PORT1}, {@code PORT2} and {@code CONTROLLER_PORT} in values stand for free ports
     */
    public static EmbeddedKafka start(Map<String, String> settings) {
        for (int attempt = 1; ; attempt++) {
            try {
                return tryToStart(settings);
            } catch (RuntimeException e) {
                // Between picking a port and using it somebody else may have taken it.
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static EmbeddedKafka tryToStart(Map<String, String> settings) {
        int[] ports = Ports.free(4);
        Map<String, String> placed = new LinkedHashMap<>();
        settings.forEach((name, value) -> placed.put(
                name,
                value.replace("CONTROLLER_PORT", "" + ports[1])
                        .replace("PORT1", "" + ports[2])
                        .replace("PORT2", "" + ports[3])
                        .replace("PORT", "" + ports[0])));
        Path folder = newFolder();
        EmbeddedKafka kafka = new EmbeddedKafka(folder, new KraftServer(folder, ports[0], ports[1], placed), ports);
        try {
            kafka.restart();
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
        return kafka;
    }

    /** Where clients connect: {@code localhost:PORT}. */
    public String bootstrap() {
        return "localhost:" + ports[0];
    }

    /** Where {@code PORT1} or {@code PORT2} of the settings is: {@code localhost:PORT}. */
    public String bootstrap(int number) {
        return "localhost:" + ports[1 + number];
    }

    /** Creates a topic with one partition and a name nobody else has, and returns the name. */
    public String newTopic() {
        return newTopic(1, Map.of());
    }

    /**
     * Creates a topic with a name nobody else has, and returns the name.
     *
     * @param settings settings of the topic, such as {@code max.message.bytes}
     */
    public String newTopic(int partitions, Map<String, String> settings) {
        String name = "test." + topics.incrementAndGet();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(Set.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
            awaitTopic(admin, name);
            return name;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topic " + name + " could not be created", e.getCause());
        }
    }

    /** A new topic is known to the controller at once, to the broker a moment later. */
    private static void awaitTopic(Admin admin, String name) throws InterruptedException, ExecutionException {
        while (!admin.listTopics().names().get().contains(name)) {
            Thread.sleep(10);
        }
    }

    /** Shuts the broker down; its data is kept. */
    public synchronized void stop() {
        if (running) {
            server.stop();
            running = false;
        }
    }

    /** Starts the broker again after {@link #stop()}, on the same port and with what it held. */
    public synchronized void restart() {
        if (!running) {
            server.start();
            running = true;
        }
    }

    @Override
    public void close() {
        stop();
        delete(folder);
    }

    static Path newFolder() {
        try {
            return Files.createTempDirectory("espalier-kafka-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
