package io.espalier.cli;

import io.espalier.api.Plugins;
import io.espalier.events.EventLoss;
import io.espalier.events.EventSink;
import io.espalier.events.v1.PruningEvent;
import io.espalier.metrics.PrometheusScrape;
import io.espalier.metrics.PruningMeters.EventTrouble;
import io.espalier.monitor.Address;
import io.espalier.monitor.LocalServer;
import io.espalier.monitor.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;

/**
 * The meters of one run, when somebody wants to read them: served while it runs, written to a file when it ends, whether
 * it worked or not.
 */
final class RunMetrics implements EventSink, AutoCloseable {

    private static final int MAX_PORT = 65_535;

    private final Path file;
    private final AtomicLong heard = new AtomicLong();
    private PrometheusScrape scrape;
    private LocalServer server;

    private RunMetrics(MetricsOptions options) {
        this.file = options.file;
    }

    /**
     * Meters as the options want them, already served.
     *
     * @param say takes a sentence for the user
     * @throws Failure when the options make no sense, or the port cannot be had
     */
    static RunMetrics start(MetricsOptions options, Consumer<String> say) {
        check(options);
        RunMetrics metrics = new RunMetrics(options);
        if (options.port != null || options.file != null) {
            metrics.scrape = new PrometheusScrape();
        }
        if (options.port != null) {
            metrics.serve(options, say);
        }
        return metrics;
    }

    private static void check(MetricsOptions options) {
        if (options.host != null && options.port == null) {
            throw Failure.usage("--metrics-host says where --metrics-port listens; give a port, or leave it out");
        }
        if (options.port != null) {
            checkPort("--metrics-port", options.port);
        }
        if (options.file != null) {
            Path folder = options.file.toAbsolutePath().getParent();
            if (Files.isDirectory(options.file) || folder == null || !Files.isDirectory(folder)) {
                throw Failure.usage(
                        "--metrics-file cannot be '" + options.file + "'; name a file in a folder that exists");
            }
        }
    }

    static void checkPort(String option, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw Failure.usage(
                    option + " cannot be " + port + "; give a port from 1 to " + MAX_PORT + ", or 0 for a free one");
        }
    }

    private void serve(MetricsOptions options, Consumer<String> say) {
        // Who opens it to others wants to be scraped by some name, and meters name no model.
        Address address =
                options.host == null ? Address.loopback(options.port) : Address.anyName(options.host, options.port);
        try {
            server = LocalServer.metrics(address, new Metrics(PrometheusScrape.CONTENT_TYPE, scrape::text));
        } catch (IOException e) {
            throw notHad("--metrics-port", address, e);
        }
        say.accept("meters at " + server.uri() + "metrics");
    }

    static Failure notHad(String option, Address address, IOException e) {
        return Failure.of(
                ExitCode.FAILED,
                "nothing can listen at " + address.host() + ":" + address.port() + " (" + e.getMessage()
                        + "); give another port with " + option,
                e);
    }

    @Override
    public void accept(PruningEvent event) {
        if (scrape != null) {
            heard.incrementAndGet();
            scrape.meters().accept(event);
        }
    }

    /** Shows what was loaded. */
    void plugins(Plugins plugins) {
        if (scrape == null) {
            return;
        }
        List<Plugins.Quarantined> quarantined = plugins.quarantined();
        scrape.meters().plugins(plugins.plugins().size(), quarantined.size());
        quarantined.forEach(each -> scrape.meters()
                .pluginFailure(each.plugin().orElse(""), each.extension().isEmpty()));
    }

    /**
     * Shows how many events are on their way.
     *
     * @param missing of a number of emitted events, how many did not arrive yet
     */
    void lag(LongUnaryOperator missing) {
        if (scrape != null) {
            scrape.meters().lag(() -> missing.applyAsLong(heard.get()));
        }
    }

    /** Counts what was lost. */
    void lost(List<EventLoss> losses) {
        if (scrape != null) {
            losses.forEach(loss -> scrape.meters().eventTrouble(EventTrouble.LOST, loss.count()));
        }
    }

    /** Counts what Kafka does not take. */
    void refused(long events) {
        if (scrape != null) {
            scrape.meters().eventTrouble(EventTrouble.REFUSED, events);
        }
    }

    /** Ends serving, and writes the file. */
    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        if (file != null) {
            write();
        }
    }

    private void write() {
        try {
            scrape.write(file);
        } catch (IOException e) {
            throw Failure.of(
                    ExitCode.FAILED, "the meters were not written: '" + file + "' cannot be written (" + e + ")", e);
        }
    }
}
