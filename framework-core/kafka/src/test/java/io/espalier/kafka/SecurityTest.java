package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that asks for a login or for TLS, and what somebody is told who comes without. */
@Timeout(120)
class SecurityTest {

    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
    private static final String SECRET = "alices-secret";
    private static final int SASL = 1;
    private static final int TLS = 2;

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static String topic;

    @BeforeAll
    static void start() throws Exception {
        keystore();
        Map<String, String> settings = new TreeMap<>(Map.of(
                "listeners",
                "PLAINTEXT://localhost:PORT,LOGIN://localhost:PORT1,SECURE://localhost:PORT2,"
                        + "CONTROLLER://localhost:CONTROLLER_PORT",
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,SECURE:SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.login.plain.sasl.jaas.config",
                LOGIN + "username=\"broker\" password=\"x\" user_alice=\"" + SECRET + "\";"));
        settings.putAll(Map.of(
                "listener.name.secure.ssl.keystore.type", "PKCS12",
                "listener.name.secure.ssl.keystore.location", store().toString(),
                "listener.name.secure.ssl.keystore.password", "changeit"));
        kafka = EmbeddedKafka.start(settings);
        topic = kafka.newTopic();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static Path store() {
        return folder.resolve("broker.p12");
    }

    private static void keystore() throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store().toString(),
                        "-storepass",
                        "changeit",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-validity",
                        "30")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
    }

    @Test
    @DisplayName("With the right login, or over TLS with the right trust, events arrive")
    void right() throws Exception {
        KafkaSettings login = settings(
                SASL,
                "kafka.security.protocol=SASL_PLAINTEXT",
                "kafka.sasl.mechanism=PLAIN",
                "kafka.sasl.jaas.config=" + LOGIN + "username=\"alice\" password=\"" + SECRET + "\";");
        KafkaSettings tls = settings(
                TLS,
                "kafka.security.protocol=SSL",
                "kafka.ssl.truststore.type=PKCS12",
                "kafka.ssl.truststore.location=" + store(),
                "kafka.ssl.truststore.password=changeit");
        for (KafkaSettings settings : List.of(login, tls)) {
            try (TestingJournal journal = TestingJournal.whole(folder, "run", 10);
                    JournalForwarder forwarder = JournalForwarder.start(journal.file(), settings)) {
                Delivery delivery = forwarder.drain(Duration.ofSeconds(60));
                assertThat(delivery.complete()).as(delivery.sentence()).isTrue();
            }
        }
        assertThat(login.toString()).doesNotContain(SECRET);
    }

    @Test
    @DisplayName("A wrong login is told as such, and its password is not")
    void wrongLogin() throws Exception {
        KafkaSettings wrong = settings(
                SASL,
                "kafka.security.protocol=SASL_PLAINTEXT",
                "kafka.sasl.mechanism=PLAIN",
                "kafka.sasl.jaas.config=" + LOGIN + "username=\"alice\" password=\"wrong-secret\";");

        assertThatThrownBy(() -> JournalForwarder.check(wrong))
                .isInstanceOf(KafkaTroubleException.class)
                .hasMessageStartingWith(wrong.bootstrap() + " refuses the login (")
                .hasMessageEndingWith("check kafka.sasl.mechanism and kafka.sasl.jaas.config in the settings file")
                .hasMessageNotContaining("wrong-secret");
        PruningEventSubscriber subscriber =
                PruningEventSubscriber.builder().kafka(wrong).start();
        assertThatThrownBy(subscriber::await).hasMessageContaining("refuses the login");
    }

    @Test
    @DisplayName("Without the login or the TLS that is asked for, it is told what to set")
    void nothingGiven() {
        assertThatThrownBy(() -> JournalForwarder.check(KafkaSettings.of(kafka.bootstrap(SASL))))
                .hasMessageContaining("most likely it asks for a login, so set kafka.security.protocol");
        assertThatThrownBy(() -> JournalForwarder.check(KafkaSettings.of(kafka.bootstrap(TLS))))
                .hasMessageContaining("it speaks TLS; set kafka.security.protocol to SSL or SASL_SSL");
    }

    @Test
    @DisplayName("A certificate nobody vouches for is told as such")
    void untrusted() throws Exception {
        KafkaSettings settings = settings(TLS, "kafka.security.protocol=SSL");

        assertThatThrownBy(() -> JournalForwarder.check(settings))
                .hasMessageContaining("do not trust each other over TLS")
                .hasMessageContaining("check kafka.ssl.truststore.location");
    }

    @Test
    @DisplayName("A settings file that makes no sense is refused in one sentence")
    void settingsFiles() {
        assertThatCode(() -> settings(SASL, "kafka.linger.ms=7")).doesNotThrowAnyException();
        assertThatThrownBy(() -> settings(SASL, "security.protocol=SSL"))
                .isInstanceOf(KafkaSettingsException.class)
                .hasMessageContaining("every name begins with 'kafka.'");
        assertThatThrownBy(() -> settings(SASL, "kafka.acks=1"))
                .isInstanceOf(KafkaSettingsException.class)
                .hasMessageContaining("cannot be set");
        assertThatThrownBy(() -> settings(SASL, "kafka.linger.ms=soon"))
                .isInstanceOf(KafkaSettingsException.class)
                .hasMessageContaining("linger.ms");
        assertThatThrownBy(() -> KafkaSettings.read(folder.resolve("nowhere.properties")))
                .isInstanceOf(KafkaSettingsException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> KafkaSettings.of("user:pw@host:9092")).isInstanceOf(KafkaSettingsException.class);
        assertThatThrownBy(() -> KafkaSettings.of("justahost")).isInstanceOf(KafkaSettingsException.class);
    }

    private static KafkaSettings settings(int listener, String... lines) throws IOException {
        Path file = Files.write(folder.resolve("kafka.properties"), List.of(lines));
        return KafkaSettings.read(file).bootstrap(kafka.bootstrap(listener)).topic(topic);
    }
}
