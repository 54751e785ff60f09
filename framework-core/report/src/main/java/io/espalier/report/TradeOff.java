package io.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What is left of the quality at a cost.
 *
 * @param macs share of the MACs that is left
 * @param quality accuracy, or another metric that is a share
 */
record TradeOff(double macs, double quality) {

    /** That of a run; empty when it measured no share, or did not end. */
    static Optional<TradeOff> of(JsonNode run) {
        double before = run.path("original").path("macs").doubleValue();
        double after = run.path("pruned").path("macs").doubleValue();
        JsonNode measured = run.has("accuracy") ? run.get("accuracy") : run.path("metric");
        boolean isShare = run.has("accuracy") || measured.path("share").booleanValue();
        return Stream.of("trained", "repaired", "cut")
                .map(measured::path)
                .filter(each -> isShare && each.isNumber() && before > 0 && after > 0)
                .findFirst()
                .map(quality -> new TradeOff(after / before, quality.doubleValue()));
    }

    /** The curve that the search of a run found. */
    static List<TradeOff> searched(JsonNode run) {
        double original = run.path("search").path("original").path("macs").doubleValue();
        return StreamSupport.stream(run.path("search").path("curve").spliterator(), false)
                .map(each -> new TradeOff(
                        each.path("macs").doubleValue() / original,
                        each.path("value").doubleValue()))
                .toList();
    }
}
