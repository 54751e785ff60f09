package io.espalier.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A registry for a program that has none of its own, read as Prometheus text: the meters of runs, memory and processor
 * of this process. Thread-safe.
 */
public final class PrometheusScrape implements AutoCloseable {

    /** Media type of {@link #text()}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PruningMeters meters = new PruningMeters(registry);

    /** An empty registry. */
    public PrometheusScrape() {
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** Where events go. */
    public PruningMeters meters() {
        return meters;
    }

    /** Everything measured so far. */
    public String text() {
        return registry.scrape();
    }

    /**
     * Writes everything measured so far to a file, beside its place first: a reader finds it whole or not at all.
     *
     * @throws IOException when that is not possible; a file that was there is unchanged
     */
    public void write(Path file) throws IOException {
        Path folder = Files.createTempDirectory(file.toAbsolutePath().getParent(), ".espalier-");
        Path part = folder.resolve("metrics");
        try {
            Files.writeString(part, text());
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
            Files.delete(folder);
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
