package io.espalier.spi.compensator;

import io.espalier.spi.Stability;
import java.util.List;

/** Finds better weights from moments. Stateless and thread-safe. */
@FunctionalInterface
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface WeightSolver {

    /**
     * Solves for a weight.
     *
     * @return weights of which the best on samples that were held back is taken, where it is better than what is there; each
     *     with the bias it has now where that cannot be changed; none to leave it as it is
     */
    List<LinearMap> solve(WeightFit fit);
}
