package io.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is left of the quality at a cost.
 *
 * @param name what tells it from others of its curve; may be empty
 * @param macs share of the MACs that is left
 * @param parameters share of the parameters that is left
 * @param quality accuracy, or another metric that is a share
 */
record TradeOff(String name, double macs, double parameters, double quality) {

    /** That of a run; empty when it measured no share, or did not end. */
    static Optional<TradeOff> of(JsonNode run) {
        JsonNode measured = run.has("accuracy") ? run.get("accuracy") : run.path("metric");
        boolean isShare = run.has("accuracy") || measured.path("share").booleanValue();
        double macs = left(run, "macs");
        return Stream.of("trained", "repaired", "cut")
                .map(measured::path)
                .filter(each -> isShare && each.isNumber() && macs > 0)
                .findFirst()
                .map(quality -> new TradeOff(
                        run.path("target").asText(), macs, left(run, "parameters"), quality.doubleValue()));
    }

    /** The share of a cost that a run has left; 0 when it is not known. */
    private static double left(JsonNode run, String cost) {
        double before = run.path("original").path(cost).doubleValue();
        double after = run.path("pruned").path(cost).doubleValue();
        return before > 0 && after > 0 ? after / before : 0;
    }
}
