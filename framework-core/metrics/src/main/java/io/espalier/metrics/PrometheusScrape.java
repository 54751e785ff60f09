package io.espalier.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

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

    @Override
    public void close() {
        registry.close();
    }
}
