package io.espalier.engine.run;

import io.espalier.engine.evaluate.Evaluation;
import io.espalier.graph.cost.Cost;
import java.util.Optional;

/**
 * What was measured of a model.
 *
 * @param cost parameters, multiply-accumulates and bytes of the file
 * @param evaluation what the metric says, when there is data
 */
public record Measured(Cost cost, Optional<Evaluation> evaluation) {}
