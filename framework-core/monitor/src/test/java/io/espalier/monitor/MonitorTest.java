package io.espalier.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.events.v1.MetricUnit;
import io.espalier.events.v1.PruningEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MonitorTest {

    private static final String SCRIPT = "<script>alert(1)</script>";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final List<PruningEvent> passedOn = new CopyOnWriteArrayList<>();
    private final Health health = new Health(sentence -> {});
    private Monitor monitor;

    @BeforeEach
    void start() throws IOException {
        monitor = Monitor.start(
                new Address(Address.LOOPBACK, 0, List.of("monitor.example.org")),
                new Metrics("text/plain", () -> "pruning_run_seconds_count 1\n"),
                passedOn::add,
                health);
    }

    @AfterEach
    void stop() {
        monitor.close();
    }

    @Test
    @DisplayName("It listens on the loopback interface")
    void loopback() throws IOException {
        assertThat(InetAddress.getByName(monitor.uri().getHost()).isLoopbackAddress())
                .isTrue();
    }

    @ParameterizedTest
    @DisplayName("Every answer forbids a browser what the page does not bring along")
    @ValueSource(
            strings = {
                "",
                "monitor.js",
                "monitor.css",
                "figures.js",
                "list.js",
                "run.js",
                "compare.js",
                "curves.js",
                "trials.js",
                "icon.svg",
                "api/runs",
                "metrics",
                "health",
                "nowhere"
            })
    void headers(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.statusCode()).isEqualTo(path.equals("nowhere") ? 404 : 200);
    }

    @Test
    @DisplayName(
            "The page loads nothing from elsewhere, has no script of its own, and no code that makes markup of text")
    void selfContained() throws Exception {
        assertThat(get("").body())
                .doesNotContain("http:", "https:", "<style", "onclick=")
                .containsOnlyOnce("<script");
        for (String script :
                List.of("monitor.js", "figures.js", "list.js", "run.js", "compare.js", "curves.js", "trials.js")) {
            assertThat(get(script).body())
                    .doesNotContain(
                            "innerHTML",
                            "outerHTML",
                            "insertAdjacentHTML",
                            "document.write",
                            "DOMParser",
                            "eval(",
                            "new Function",
                            "https:");
        }
    }

    @ParameterizedTest(name = "Host: {0} is answered with {1}")
    @DisplayName("Only hosts that cannot be a stranger's are answered")
    @CsvSource({
        "127.0.0.1:8077, 200",
        "localhost, 200",
        "LOCALHOST:1, 200",
        "[::1]:8077, 200",
        "monitor.example.org, 200",
        "evil.example.org, 421",
        "evil.example.org:8077, 421",
        "127.0.0.1.evil.example.org, 421",
        "localhost.evil.example.org, 421",
    })
    void hosts(String host, int status) throws IOException {
        assertThat(raw("GET /api/runs HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    @DisplayName("A request without a host is not answered")
    void noHost() throws IOException {
        assertThat(raw("GET /api/runs HTTP/1.0\r\n\r\n")).contains(" 421 ");
    }

    @ParameterizedTest
    @DisplayName("Nothing can be changed")
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void methods(String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(monitor.uri().resolve("api/runs"))
                .method(method, BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    @DisplayName("A run is listed in short and told in full")
    void run() throws Exception {
        new TestingRun("a", monitor)
                .start("/models/resnet.onnx")
                .layers("conv1", "conv2")
                .finish();

        JsonNode listed = read("api/runs").get("runs").get(0);
        assertThat(listed.get("state").textValue()).isEqualTo("finished");
        assertThat(listed.get("pruned").get("parameters").longValue()).isEqualTo(500);
        assertThat(listed.get("verification").get("outcome").textValue()).isEqualTo("proved");
        assertThat(listed.get("accuracy").get("cut").doubleValue()).isEqualTo(0.817);
        JsonNode told = read("api/runs/a");
        assertThat(told.get("groupList")).hasSize(2);
        JsonNode group = told.get("groupList").get(1);
        assertThat(group.get("name").textValue()).isEqualTo("conv2");
        assertThat(group.get("kept").longValue()).isEqualTo(4);
        assertThat(group.get("scores").get("counts")).hasSize(3);
        assertThat(told.get("barrierList").get(0).get("reason").textValue()).contains("all channels");
        assertThat(told.get("works")).hasSize(4);
    }

    @Test
    @DisplayName("A metric other than the accuracy has its name, unit and direction")
    void metric() throws Exception {
        new TestingRun("a", monitor)
                .start("net.onnx")
                .measure("top-k k=5", MetricUnit.METRIC_UNIT_SHARE, true, 0.9, 0.7);
        new TestingRun("b", monitor)
                .start("net.onnx")
                .measure("mse", MetricUnit.METRIC_UNIT_NUMBER, false, 12.5, 20, 15);

        JsonNode share = read("api/runs/a");
        assertThat(share.has("accuracy")).isFalse();
        assertThat(share.get("metric").get("name").textValue()).isEqualTo("top-k k=5");
        assertThat(share.get("metric").get("share").booleanValue()).isTrue();
        assertThat(share.get("metric").get("higherIsBetter").booleanValue()).isTrue();
        assertThat(share.get("metric").get("cut").doubleValue()).isEqualTo(0.7);
        JsonNode number = read("api/runs/b").get("metric");
        assertThat(number.get("share").booleanValue()).isFalse();
        assertThat(number.get("higherIsBetter").booleanValue()).isFalse();
        assertThat(number.get("original").doubleValue()).isEqualTo(12.5);
        assertThat(number.get("repaired").doubleValue()).isEqualTo(15);
        assertThat(number.get("examples").longValue()).isEqualTo(100);
    }

    @Test
    @DisplayName("A failure is told with its causes")
    void failure() throws Exception {
        new TestingRun("a", monitor).start("m.onnx").fail("the disk is full");

        JsonNode told = read("api/runs/a");
        assertThat(told.get("state").textValue()).isEqualTo("failed");
        assertThat(told.get("failure").get("message").textValue()).isEqualTo("the disk is full");
        assertThat(told.get("causes")).hasSize(1);
    }

    @Test
    @DisplayName("Names from a model travel as JSON text, whatever they look like")
    void script() throws Exception {
        new TestingRun(SCRIPT, monitor).start(SCRIPT).layers(SCRIPT).fail(SCRIPT);

        HttpResponse<String> answer = get("api/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json.readTree(answer.body())
                        .get("groupList")
                        .get(0)
                        .get("name")
                        .textValue())
                .isEqualTo(SCRIPT);
        HttpResponse<String> missing = get("api/runs/%3Cscript%3E");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).doesNotContain("<");
    }

    @Test
    @DisplayName("What comes twice is passed on once")
    void duplicates() {
        List<PruningEvent> told = new ArrayList<>();
        new TestingRun("a", told::add).start("m.onnx").layers("conv").finish();
        told.forEach(monitor::accept);
        told.forEach(monitor::accept);

        assertThat(passedOn).isEqualTo(told);
    }

    @Test
    @DisplayName("Open pages hear of changes while a run goes on")
    void changes() throws Exception {
        HttpResponse<InputStream> stream = client.send(
                HttpRequest.newBuilder(monitor.uri().resolve("api/changes")).build(), BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("retry:");
            TestingRun run = new TestingRun("a", monitor).start("m.onnx");
            assertThat(nextRun(lines).get("state").textValue()).isEqualTo("running");
            run.progress("scoring\nparameters", 3, 10);
            JsonNode progress = nextRun(lines).get("progress");
            assertThat(progress.get("done").longValue()).isEqualTo(3);
            assertThat(progress.get("phase").textValue()).isEqualTo("scoring\nparameters");
            run.finish();
            assertThat(nextRun(lines).get("state").textValue()).isEqualTo("finished");
        }
    }

    @Test
    @DisplayName("Meters are at /metrics")
    void metrics() throws Exception {
        assertThat(get("metrics").body()).isEqualTo("pruning_run_seconds_count 1\n");
        try (LocalServer alone = LocalServer.metrics(Address.loopback(0), new Metrics("text/plain", () -> "m 1\n"))) {
            assertThat(get(alone.uri(), "metrics").body()).isEqualTo("m 1\n");
            assertThat(get(alone.uri(), "api/runs").statusCode()).isEqualTo(404);
        }
        assertThat(new HostNames(Address.anyName("0.0.0.0", 0).names()).allow("host.docker.internal:9464"))
                .isTrue();
    }

    private JsonNode nextRun(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.equals("event: run")) {
            line = lines.readLine();
        }
        line = lines.readLine();
        return json.readTree(line.substring("data: ".length()));
    }

    private JsonNode read(String path) throws Exception {
        return json.readTree(get(path).body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(monitor.uri(), path);
    }

    private HttpResponse<String> get(URI server, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(server + path)).build(), BodyHandlers.ofString());
    }

    private Socket connect() throws IOException {
        return new Socket(monitor.uri().getHost(), monitor.uri().getPort());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
