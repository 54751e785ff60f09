import io.espalier.events.JournalReader;
import io.espalier.events.TestingHostility;
import io.espalier.events.v1.PruningEvent;
import io.espalier.monitor.Address;
import io.espalier.monitor.Health;
import io.espalier.monitor.Metrics;
import io.espalier.monitor.Monitor;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The monitor with many connections, and journals that are hostile. Loopback only; every loop has an end. */
public final class Observers {

    private static final int SLOW = 150;
    private static final int STREAMS = 200;
    private static final int REQUESTS = 100;
    private static final int JOURNALS = 2000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Socket> open = new ArrayList<>();
    private final Monitor monitor;

    private Observers(Monitor monitor) {
        this.monitor = monitor;
    }

    public static void main(String[] arguments) throws Exception {
        Health health = new Health(System.err::println);
        try (Monitor monitor = Monitor.start(
                Address.loopback(0), new Metrics("text/plain", () -> ""), event -> {}, health)) {
            TestingHostility.run("first").forEach(monitor::accept);
            Observers observers = new Observers(monitor);
            observers.slow();
            observers.streams();
        }
        journals();
    }

    private void slow() throws Exception {
        get("api/runs");
        print("without other connections: %s", requests());
        for (int i = 0; i < SLOW; i++) {
            connect("GET /api/runs HTTP/1.1\r\nX-Slow: ");
        }
        for (Socket socket : open) {
            socket.getOutputStream().write('x');
        }
        print("beside %d connections that send a byte at a time: %s; threads of the server: %d", SLOW, requests(), threads());
        close();
    }

    private String requests() throws Exception {
        double[] millis = new double[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            long began = System.nanoTime();
            get("api/runs");
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        Arrays.sort(millis);
        return String.format(
                Locale.ROOT, "%d requests, median %.1f ms, longest %.1f ms", REQUESTS, millis[REQUESTS / 2], millis[REQUESTS - 1]);
    }

    private void streams() throws Exception {
        long before = heap();
        for (int i = 0; i < STREAMS; i++) {
            connect("GET /api/changes HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        int served = 0;
        for (Socket socket : open) {
            served += readUntil(socket.getInputStream(), "retry: 2000").startsWith("HTTP/1.1 200") ? 1 : 0;
        }
        long began = System.nanoTime();
        TestingHostility.run("second").forEach(monitor::accept);
        for (Socket socket : open) {
            readUntil(socket.getInputStream(), "\"id\":\"second\"");
        }
        double millis = (System.nanoTime() - began) / 1e6;
        print(
                "%d event streams: %d served; a change has reached all of them after %.0f ms; threads of the server: %d; heap: %d kB a stream",
                STREAMS, served, millis, threads(), Math.max(0, heap() - before) / 1000 / STREAMS);
        close();
    }

    private static void journals() throws IOException {
        Path file = Files.createTempFile("hostile", ".events");
        List<PruningEvent> run = TestingHostility.run("run");
        long bytes = 0;
        long sound = 0;
        long arrived = 0;
        long passedOver = 0;
        long nanos = 0;
        for (int seed = 0; seed < JOURNALS; seed++) {
            TestingHostility.Journal journal = new TestingHostility(1_000_000 + seed).journal(run);
            Files.write(file, journal.bytes());
            long began = System.nanoTime();
            JournalReader.Content content = JournalReader.read(file);
            nanos += System.nanoTime() - began;
            bytes += journal.bytes().length;
            sound += journal.sound().size();
            arrived += journal.sound().stream().filter(content.events()::contains).count();
            passedOver += content.passedOver();
        }
        Files.delete(file);
        print(
                "%,d hostile journals, %.0f MB: %,d events that nobody touched, %,d of them arrived; %,d times something was passed over; %.0f MB/s",
                JOURNALS, bytes / 1e6, sound, arrived, passedOver, bytes / 1e6 / (nanos / 1e9));
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("espalier-"))
                .count();
    }

    private void connect(String request) throws IOException {
        Socket socket = new Socket(monitor.uri().getHost(), monitor.uri().getPort());
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        open.add(socket);
    }

    private void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                return text.toString();
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private void get(String path) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(monitor.uri() + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + answer.statusCode());
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
