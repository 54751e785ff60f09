package io.espalier.monitor;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A small web server that only shows things: GET and HEAD, hosts that may be named, headers that forbid a browser
 * everything but what the page brings along. Thread-safe.
 */
public final class LocalServer implements AutoCloseable {

    private static final int THREADS = 48;
    private static final int WAITING = 500;
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static {
        // Somebody who sends a request a byte a minute shall not hold a thread for ever. The JDK's server reads this
        // once.
        if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
            System.setProperty("sun.net.httpserver.maxReqTime", "20");
        }
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final HostNames names;
    private final Map<String, Page> pages;

    /** Answers one kind of request. */
    interface Page {

        /**
         * Answers; the path behind the name of the page is given without its slash.
         *
         * @throws IOException when the one who asked has gone
         */
        void answer(Exchange exchange, String rest) throws IOException;
    }

    /** One request and its answer. */
    static final class Exchange {

        private final HttpExchange exchange;

        Exchange(HttpExchange exchange) {
            this.exchange = exchange;
        }

        void send(int status, String type, byte[] body) throws IOException {
            exchange.getResponseHeaders().set("Content-Type", type);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }

        void send(int status, String sentence) throws IOException {
            send(status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
        }

        void json(String json) throws IOException {
            send(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
        }

        /** Begins an answer without an end. */
        OutputStream stream(String type) throws IOException {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, 0);
            return exchange.getResponseBody();
        }
    }

    /**
     * Starts to listen.
     *
     * @param pages by the first part of their path; the empty one is the root
     * @throws IOException when the address cannot be had
     */
    static LocalServer start(Address address, Map<String, Page> pages) throws IOException {
        return new LocalServer(address, pages);
    }

    /**
     * A server that shows meters under {@code /metrics}, and nothing else.
     *
     * @throws IOException when the address cannot be had
     */
    public static LocalServer metrics(Address address, Metrics metrics) throws IOException {
        return start(
                address,
                Map.of(
                        "metrics",
                        page(metrics),
                        "",
                        (exchange, rest) -> exchange.send(rest.isEmpty() ? 200 : 404, "meters are at /metrics")));
    }

    /** Meters as a page. */
    static Page page(Metrics metrics) {
        return (exchange, rest) -> {
            if (rest.isEmpty()) {
                exchange.send(200, metrics.type(), metrics.text().get().getBytes(StandardCharsets.UTF_8));
            } else {
                exchange.send(404, "meters are at /metrics");
            }
        };
    }

    private LocalServer(Address address, Map<String, Page> pages) throws IOException {
        this.pages = Map.copyOf(pages);
        List<String> allowed = new ArrayList<>(address.names());
        allowed.add(address.host());
        this.names = new HostNames(allowed);
        InetAddress host = InetAddress.getByName(address.host());
        this.server = HttpServer.create(new InetSocketAddress(host, address.port()), 0);
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), LocalServer::thread);
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "espalier-http");
        thread.setDaemon(true);
        return thread;
    }

    /** Where it can be asked; the interface as an address. */
    public URI uri() {
        InetSocketAddress bound = server.getAddress();
        String host = bound.getAddress().isAnyLocalAddress()
                ? Address.LOOPBACK
                : bound.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort() + "/");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            protect(exchange.getResponseHeaders());
            Exchange answer = new Exchange(exchange);
            if (!names.allow(exchange.getRequestHeaders().getFirst("Host"))) {
                answer.send(421, "this server does not go by that name; start it with --allow-host NAME");
            } else if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer.send(405, "there is nothing to change here, only to look at");
            } else {
                route(answer, exchange.getRequestURI().getPath());
            }
        }
    }

    private void route(Exchange exchange, String path) throws IOException {
        String[] parts = path.substring(1).split("/", 2);
        Page page = pages.get(parts[0]);
        if (page == null) {
            pages.get("").answer(exchange, path.substring(1));
        } else {
            page.answer(exchange, parts.length == 1 ? "" : parts[1]);
        }
    }

    private static void protect(Headers headers) {
        headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
