package io.espalier.spi.compensator;

import io.espalier.spi.Stability;
import java.util.Optional;

/** Finds a better weight from moments. Stateless and thread-safe. */
@FunctionalInterface
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface WeightSolver {

    /**
     * Solves for a weight.
     *
     * @return the weight, with the bias it has now where that cannot be changed; empty to leave it as it is
     */
    Optional<LinearMap> solve(WeightFit fit);
}
