package io.espalier.plugin.metrics;

import io.espalier.spi.RunContext;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.Options;

/** How often the largest score of the first output is the label; of equal scores, the first counts as the largest. */
public final class Top1Metric implements Metric {

    @Override
    public String name() {
        return "top-1";
    }

    @Override
    public String description() {
        return "Share of examples whose largest score is their label.";
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
        return new Hits(1);
    }
}
