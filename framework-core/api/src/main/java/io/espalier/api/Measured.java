package io.espalier.api;

import io.espalier.spi.Stability;
import java.util.Optional;

/**
 * What was measured of a model.
 *
 * @param cost parameters, multiply-accumulates and bytes of the file
 * @param evaluation what the metric says on the data of the request, when there is data and a metric for its labels
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Measured(Cost cost, Optional<Evaluation> evaluation) {

    static Measured of(io.espalier.engine.run.Measured measured) {
        return new Measured(Cost.of(measured.cost()), measured.evaluation().map(Evaluation::of));
    }
}
