package io.espalier.plugin.metrics;

import io.espalier.spi.RunContext;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.List;

/** How often the label is among the k largest scores of the first output; of equal scores, the first counts as larger. */
public final class TopKMetric implements Metric {

    private static final String K = "k";

    @Override
    public String name() {
        return "top-k";
    }

    @Override
    public String description() {
        return "Share of examples whose label is among their k largest scores.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.integer(K, 5, 1, 1_000_000, "how many of the largest scores count"));
    }

    @Override
    public Unit unit() {
        return Unit.SHARE;
    }

    @Override
    public boolean higherIsBetter(Options options) {
        return true;
    }

    @Override
    public Labels labels() {
        return Labels.CLASSES;
    }

    @Override
    public Measurement start(Options options, RunContext context) {
        return new Hits(options.integer(K));
    }
}
