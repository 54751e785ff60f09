package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that prints its address and serves. */
final class Served implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI uri;

    /**
     * Starts it.
     *
     * @param folder where it works, and where its output lies
     */
    Served(Path folder, Object... command) throws Exception {
        Path out = folder.resolve("served.out");
        Path err = folder.resolve("served.err");
        process = new Launcher(folder).start(out, err, command);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(out).endsWith("\n")) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as(Files.readString(err))
                    .isTrue();
            Thread.sleep(50);
        }
        uri = URI.create(Files.readString(out).strip());
    }

    int port() {
        return uri.getPort();
    }

    String get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(uri + path)).build(), BodyHandlers.ofString())
                .body();
    }

    void await(String path, String text) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!get(path).contains(text)) {
            assertThat(System.nanoTime()).as(get(path)).isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    /** Asks it to end, as Ctrl-C does. */
    @Override
    public void close() {
        process.destroy();
        assertThat(process.onExit().orTimeout(30, TimeUnit.SECONDS)).succeedsWithin(Duration.ofSeconds(30));
    }
}
