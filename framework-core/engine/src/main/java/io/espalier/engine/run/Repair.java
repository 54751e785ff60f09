package io.espalier.engine.run;

import io.espalier.engine.loss.ChosenLoss;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.option.Options;
import java.util.Optional;

/**
 * How to repair weights.
 *
 * @param options validated options of the compensator
 * @param calibration training data
 * @param loss what the compensator takes the curvature of, if it does
 */
public record Repair(WeightCompensator compensator, Options options, Dataset calibration, Optional<ChosenLoss> loss) {

    /** A repair that needs no loss. */
    public Repair(WeightCompensator compensator, Options options, Dataset calibration) {
        this(compensator, options, calibration, Optional.empty());
    }
}
