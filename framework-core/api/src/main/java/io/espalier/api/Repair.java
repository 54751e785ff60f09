package io.espalier.api;

import io.espalier.engine.run.PruningReport.RepairSummary;
import io.espalier.spi.Stability;

/**
 * What a compensator did to weights after the cut.
 *
 * @param compensator its name
 * @param parameters how many constants it changed
 * @param examples calibration examples it was given
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Repair(String compensator, int parameters, long examples) {

    static Repair of(RepairSummary summary) {
        return new Repair(summary.compensator(), summary.parameters(), summary.examples());
    }
}
