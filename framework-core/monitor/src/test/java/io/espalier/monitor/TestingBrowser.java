package io.espalier.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Chromium without a window, steered through its debugging protocol. */
final class TestingBrowser implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger number = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Process process;
    private WebSocket socket;

    private TestingBrowser(Process process) {
        this.process = process;
    }

    /** The program, where there is one. */
    static Optional<Path> installed() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens a page in a window of 1280 by 900 points. */
    static TestingBrowser open(Path program, Path profile, URI page) throws Exception {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        // A sandbox of its own cannot be made in many containers; the page is ours.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--window-size=1280,900",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        page.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        TestingBrowser browser = new TestingBrowser(process);
        try {
            browser.connect(profile.resolve("DevToolsActivePort"), page);
        } catch (Exception e) {
            browser.close();
            throw e;
        }
        return browser;
    }

    private void connect(Path portFile, URI page) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (socket == null) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the browser did not open the page");
            }
            Thread.sleep(100);
            if (Files.exists(portFile) && !Files.readAllLines(portFile).isEmpty()) {
                Optional<String> address = address(Files.readAllLines(portFile).get(0), page);
                if (address.isPresent()) {
                    socket = client.newWebSocketBuilder()
                            .buildAsync(URI.create(address.get()), new Listener())
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
            }
        }
    }

    private Optional<String> address(String port, URI page) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        for (JsonNode target :
                json.readTree(client.send(request, BodyHandlers.ofString()).body())) {
            if (target.get("url").textValue().startsWith(page.toString())) {
                return Optional.of(target.get("webSocketDebuggerUrl").textValue());
            }
        }
        return Optional.empty();
    }

    /** The value of a script's last expression; missing while the page is being loaded. */
    JsonNode evaluate(String script) throws Exception {
        ObjectNode parameters = json.createObjectNode();
        parameters.put("expression", script).put("returnByValue", true).put("awaitPromise", true);
        JsonNode result = send("Runtime.evaluate", parameters);
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(script + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Makes the window as if it were of this size. */
    void resize(int width, int height) throws Exception {
        ObjectNode size = json.createObjectNode();
        size.put("width", width)
                .put("height", height)
                .put("deviceScaleFactor", 1)
                .put("mobile", false);
        send("Emulation.setDeviceMetricsOverride", size);
    }

    /** Shows the page on a medium, such as {@code print}, to someone who wants a colour scheme, such as {@code dark}. */
    void show(String medium, String scheme) throws Exception {
        ObjectNode emulated = json.createObjectNode();
        emulated.put("media", medium);
        emulated.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", scheme);
        send("Emulation.setEmulatedMedia", emulated);
    }

    /** Waits until a script says true. */
    void await(String script) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!evaluate(script).booleanValue()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never true: " + script + "; the page says: "
                        + evaluate("document.body.innerText").textValue());
            }
            Thread.sleep(50);
        }
    }

    private JsonNode send(String method, ObjectNode parameters) throws Exception {
        int id = number.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = json.createObjectNode();
        message.put("id", id).put("method", method).set("params", parameters);
        socket.sendText(json.writeValueAsString(message), true).join();
        return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String message) {
            try {
                JsonNode node = json.readTree(message);
                if (node.has("id")) {
                    answers.remove(node.get("id").intValue()).complete(node.path("result"));
                }
            } catch (IOException e) {
                answers.values().forEach(each -> each.completeExceptionally(e));
            }
        }
    }
}
