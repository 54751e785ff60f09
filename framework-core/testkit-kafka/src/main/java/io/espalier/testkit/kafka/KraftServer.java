package io.espalier.testkit.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * The broker's own classes, all in one place: they are no public interface, and a newer Kafka may move them.
 */
final class KraftServer {

    private final Properties settings;
    private KafkaRaftServer server;

    /**
     * A broker, which is its own controller.
     *
     * @param folder where its logs lie; formatted when it is empty
     * @param more settings besides, or instead of, the usual ones of a small broker for tests
     */
    KraftServer(Path folder, int port, int controllerPort, Map<String, String> more) {
        this.settings = settings(folder, port, controllerPort, more);
        if (!Files.exists(folder.resolve("logs").resolve("meta.properties"))) {
            format(folder);
        }
    }

    void start() {
        server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        server.startup();
    }

    void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Properties settings(Path folder, int port, int controllerPort, Map<String, String> more) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                "controller.listener.names", "CONTROLLER",
                "controller.quorum.bootstrap.servers", "localhost:" + controllerPort,
                "log.dirs", folder.resolve("logs").toString(),
                "auto.create.topics.enable", "false",
                "num.network.threads", "2",
                "num.io.threads", "2",
                "log.cleaner.enable", "false"));
        settings.putAll(Map.of(
                "offsets.topic.num.partitions", "1",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0"));
        settings.putAll(more);
        return settings;
    }

    private void format(Path folder) {
        Path file = folder.resolve("server.properties");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String[] arguments = {"format", "--standalone", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
        int code = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IllegalStateException("the broker's folder could not be formatted: " + said);
        }
    }
}
