package io.espalier.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Where events go to or come from: brokers, topic, and settings of the client, such as those for security.
 *
 * <p>{@link #toString} names brokers and topic only, since the other settings may be secrets. Immutable.
 */
public final class KafkaSettings {

    /** The topic that events of the schema {@code pruning.events.v1} are sent to by default. */
    public static final String TOPIC = "pruning.events.v1";

    private static final String PREFIX = "kafka.";
    private static final String BOOTSTRAP = "bootstrap.servers";

    private static final Pattern BROKER = Pattern.compile("(?:[\\w.-]+|\\[[0-9a-fA-F:.]+]):\\d{1,5}");

    /** What order, completeness and the wire form stand on. */
    private static final Set<String> FIXED = Set.of(
            "acks",
            "enable.idempotence",
            "retries",
            "delivery.timeout.ms",
            "max.in.flight.requests.per.connection",
            "transactional.id",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "enable.auto.commit",
            "group.id");

    private final String topic;
    private final Map<String, String> properties;

    private KafkaSettings(String topic, Map<String, String> properties) {
        this.topic = topic;
        this.properties = properties;
    }

    /**
     * Brokers that need no login.
     *
     * @param bootstrap brokers to ask first: {@code host:port}, several separated by commas
     * @throws KafkaSettingsException when that is no list of brokers
     */
    public static KafkaSettings of(String bootstrap) {
        return new KafkaSettings(TOPIC, Map.of(BOOTSTRAP, checked(bootstrap))).valid("the brokers '" + bootstrap + "'");
    }

    /**
     * Settings from a properties file in UTF-8, each with the prefix {@code kafka.}, for instance
     * {@code kafka.bootstrap.servers}, {@code kafka.security.protocol} or {@code kafka.sasl.jaas.config}.
     *
     * @throws KafkaSettingsException when the file cannot be read, or a setting is not for Kafka, or not to be changed
     */
    public static KafkaSettings read(Path file) {
        Map<String, String> found = new TreeMap<>();
        load(file).forEach((name, value) -> found.put(name(file, (String) name), (String) value));
        if (found.containsKey(BOOTSTRAP)) {
            found.put(BOOTSTRAP, checked(found.get(BOOTSTRAP)));
        }
        return new KafkaSettings(TOPIC, found).valid("the settings in " + file);
    }

    /** The same with other brokers. */
    public KafkaSettings bootstrap(String bootstrap) {
        Map<String, String> changed = new TreeMap<>(properties);
        changed.put(BOOTSTRAP, checked(bootstrap));
        return new KafkaSettings(topic, changed).valid("the brokers '" + bootstrap + "'");
    }

    /** The same with another topic. */
    public KafkaSettings topic(String name) {
        return new KafkaSettings(name, properties);
    }

    /** The topic. */
    public String topic() {
        return topic;
    }

    /** The brokers to ask first; empty when neither a call nor the file named any. */
    public String bootstrap() {
        return properties.getOrDefault(BOOTSTRAP, "");
    }

    /** Settings for a client: defaults first, then what was given, then what must not be changed. */
    Map<String, Object> client(Map<String, ?> defaults, Map<String, ?> fixed) {
        Map<String, Object> client = new TreeMap<>(defaults);
        client.put("enable.metrics.push", false);
        client.putAll(properties);
        client.putAll(fixed);
        return client;
    }

    @Override
    public String toString() {
        return "topic " + topic + " at " + bootstrap();
    }

    private KafkaSettings valid(String what) {
        if (bootstrap().isEmpty()) {
            return this;
        }
        try {
            new ProducerConfig(client(
                    Map.of(),
                    Map.of(
                            "key.serializer",
                            ByteArraySerializer.class,
                            "value.serializer",
                            ByteArraySerializer.class)));
            return this;
        } catch (ConfigException e) {
            // Kafka's own message holds the value, which may be a secret that a configuration provider has fetched.
            throw new KafkaSettingsException(what + " cannot be used: " + refusedSetting(e), null);
        }
    }

    private String refusedSetting(ConfigException e) {
        String said = String.valueOf(e.getMessage());
        return properties.keySet().stream()
                .filter(name -> said.contains(" for configuration " + name))
                .max(Comparator.comparingInt(String::length))
                .map(name -> "Kafka does not accept the value of '" + PREFIX + name + "'")
                .orElse("Kafka does not accept one of the values, or they contradict each other");
    }

    private static String checked(String bootstrap) {
        for (String broker : bootstrap.split(",", -1)) {
            if (!BROKER.matcher(broker.strip()).matches()) {
                throw new KafkaSettingsException(
                        "brokers are given as host:port, several separated by commas; a login goes into a settings file",
                        null);
            }
        }
        return bootstrap.strip();
    }

    private static Properties load(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new KafkaSettingsException(
                    "the settings file " + file
                            + " is no file but a folder, a pipe or a device; give a properties file",
                    null);
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
            return properties;
        } catch (IOException | IllegalArgumentException e) {
            throw new KafkaSettingsException(
                    "the settings file " + file + " cannot be read: "
                            + e.getClass().getSimpleName()
                            + "; give a properties file in UTF-8 with lines such as kafka.security.protocol=SASL_SSL",
                    e);
        }
    }

    private static String name(Path file, String typed) {
        if (!typed.startsWith(PREFIX)) {
            throw new KafkaSettingsException(
                    "'" + typed + "' in " + file + " is not a setting for Kafka; every name begins with 'kafka.',"
                            + " for instance kafka.security.protocol",
                    null);
        }
        String name = typed.substring(PREFIX.length());
        if (FIXED.contains(name)) {
            throw new KafkaSettingsException(
                    "'" + typed + "' in " + file + " cannot be set: that every event arrives, in order and readable,"
                            + " stands on it; leave it out",
                    null);
        }
        return name;
    }
}
