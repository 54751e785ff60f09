package io.espalier.events;

import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.MetricUnit;

/** Reads evaluations: old events have an accuracy only, newer ones name their metric. */
public final class Evaluations {

    private static final String ACCURACY = "top-1";

    private Evaluations() {}

    /** Whether the value is the share of examples whose largest output is their label. */
    public static boolean isAccuracy(Evaluated evaluated) {
        return evaluated.getMetric().isEmpty() || evaluated.getMetric().equals(ACCURACY);
    }

    /** Whether the value is a share, from 0 to 1. */
    public static boolean isShare(Evaluated evaluated) {
        return isAccuracy(evaluated) || evaluated.getUnit() == MetricUnit.METRIC_UNIT_SHARE;
    }

    /** What the metric says. */
    public static double value(Evaluated evaluated) {
        return isAccuracy(evaluated) ? evaluated.getAccuracy() : evaluated.getValue();
    }
}
