package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many connections at once, all of them to the loopback interface and of a bounded number. */
@Timeout(120)
class CrowdTest {

    private static final String STREAM = "GET /api/changes HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final List<Socket> open = new ArrayList<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private Monitor monitor;

    @BeforeEach
    void start() throws IOException {
        monitor = Monitor.start(
                Address.loopback(0), new Metrics("text/plain", () -> ""), event -> {}, new Health(said::add));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        monitor.close();
    }

    @Test
    @DisplayName("While 150 connections send a request byte by byte, others are answered, and no thread waits for them")
    void slowConnections() throws Exception {
        for (int i = 0; i < 150; i++) {
            connect().getOutputStream().write("GET /api/runs HT".getBytes(StandardCharsets.US_ASCII));
        }
        for (int round = 0; round < 5; round++) {
            for (Socket socket : open) {
                socket.getOutputStream().write('T');
            }
            HttpResponse<String> answer = get("api/runs");
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        assertThat(serverThreads()).isLessThanOrEqualTo(16);
    }

    @Test
    @DisplayName(
            "A connection that takes too long for its request is closed, however often it sends a byte; a stream is not")
    void patience() throws Exception {
        Map<String, Page> pages = Map.of("", (exchange, rest) -> exchange.stream());
        try (LocalServer server = LocalServer.start(Address.loopback(0), pages, Duration.ofSeconds(2))) {
            Socket stream = new Socket(server.uri().getHost(), server.uri().getPort());
            Socket slow = new Socket(server.uri().getHost(), server.uri().getPort());
            open.addAll(List.of(stream, slow));
            stream.getOutputStream().write(STREAM.getBytes(StandardCharsets.US_ASCII));
            stream.setSoTimeout(100);
            slow.setSoTimeout(100);
            slow.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
            while (isOpen(slow)) {
                slow.getOutputStream().write('x');
            }
            assertThat(isOpen(stream)).isTrue();
        }
    }

    private static boolean isOpen(Socket socket) {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @DisplayName("200 event streams are served at once, each hears of a change, and one too many is turned away")
    void streams() throws Exception {
        for (int i = 0; i < 200; i++) {
            stream();
        }
        assertThat(serverThreads()).isLessThanOrEqualTo(16);
        new TestingRun("a", monitor).start("m.onnx");
        for (Socket socket : open) {
            readUntil(socket.getInputStream(), "\"id\":\"a\"");
        }
        while (open.size() < Feed.MAX_PAGES) {
            stream();
        }
        assertThat(get("api/changes").statusCode()).isEqualTo(503);
        assertThat(get("health").body()).contains("\"pages\":" + Feed.MAX_PAGES, "\"status\":\"ok\"");
        open.remove(0).close();
        for (int run = 0; get("health").body().contains("\"pages\":" + Feed.MAX_PAGES); run++) {
            new TestingRun("run" + run, monitor).start("m.onnx");
            Thread.sleep(50);
        }
    }

    @Test
    @DisplayName("A page that never reads holds nobody up, is dropped, and that is said; memory for it is bounded")
    void pageThatNeverReads() throws Exception {
        stream();
        for (int round = 0; said.isEmpty(); round++) {
            for (int i = 0; i < 500; i++) {
                new TestingRun(round + "-" + i, monitor).start("m".repeat(400));
            }
            assertThat(get("api/runs").statusCode()).isEqualTo(200);
            Thread.sleep(200);
        }
        assertThat(said).hasSize(1).allMatch(sentence -> sentence.contains("took nothing"));
        assertThat(get("health").body()).contains("\"pagesDropped\":1", "\"pages\":0");
    }

    private static long serverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("espalier-http")
                        || thread.getName().startsWith("espalier-feed"))
                .count();
    }

    private void stream() throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(STREAM.getBytes(StandardCharsets.US_ASCII));
        assertThat(readUntil(socket.getInputStream(), "retry: 2000")).startsWith("HTTP/1.1 200");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(monitor.uri().getHost(), monitor.uri().getPort());
        socket.setSoTimeout(30_000);
        open.add(socket);
        return socket;
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as("the stream ended: %s", text).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(monitor.uri() + path))
                        .timeout(Duration.ofSeconds(15))
                        .build(),
                BodyHandlers.ofString());
    }
}
