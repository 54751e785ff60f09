package io.espalier.monitor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A small web server that only shows things: GET and HEAD, hosts that may be named, headers that forbid a browser
 * everything but what the page brings along.
 *
 * <p>A connection holds no thread while it sends or waits: the few threads work on whole requests only. Connections that
 * are slow are closed, see {@link SlowConnections}, and there are at most {@value #MAX_CONNECTIONS}. Thread-safe.
 */
public final class LocalServer implements AutoCloseable {

    static final int MAX_CONNECTIONS = 1000;

    /** For a request to be complete, and for a part of an answer to be taken. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int THREADS = 8;
    private static final int MIN_THREADS = 2;
    private static final int BACKLOG = 256;
    private static final int MAX_HEADER_BYTES = 8192;

    private final Server server;
    private final ServerConnector connector;
    private final URI uri;

    /**
     * Starts to listen.
     *
     * @param pages by the first part of their path; the empty one is the root
     * @throws IOException when the address cannot be had
     */
    static LocalServer start(Address address, Map<String, Page> pages) throws IOException {
        return start(address, pages, PATIENCE);
    }

    /** As {@link #start(Address, Map)}, with another time in which a request has to be complete. */
    static LocalServer start(Address address, Map<String, Page> pages, Duration patience) throws IOException {
        return new LocalServer(address, pages, patience);
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

    private LocalServer(Address address, Map<String, Page> pages, Duration patience) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, MIN_THREADS);
        threads.setName("espalier-http");
        threads.setDaemon(true);
        server = new Server(threads);
        server.setStopTimeout(0);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(patience.toMillis());
        connector.addBean(new SlowConnections(server, patience));
        connector.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        server.addConnector(connector);
        server.setHandler(new Requests(address, pages));
        server.setErrorHandler(new RefusedRequests());
        InetSocketAddress bound = listen(address);
        String host = bound.getAddress().isAnyLocalAddress()
                ? Address.LOOPBACK
                : bound.getAddress().getHostAddress();
        uri = URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort() + "/");
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        // Ids of runs may hold slashes, and no path names a file.
        http.setUriCompliance(UriCompliance.UNSAFE);
        return http;
    }

    private InetSocketAddress listen(Address address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(address.host(), address.port()), BACKLOG);
            connector.open(channel);
            server.start();
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            channel.close();
            throw e;
        } catch (Exception e) {
            channel.close();
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Where it can be asked; the interface as an address. */
    public URI uri() {
        return uri;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the web server did not stop", e);
        }
    }
}
