package io.espalier.engine.run;

import io.espalier.graph.cost.Cost;
import java.util.Optional;

/**
 * What was measured of a model.
 *
 * @param cost parameters, multiply-accumulates and bytes of the file
 * @param accuracy accuracy on the data, when there are labels
 */
public record Measured(Cost cost, Optional<Evaluation> accuracy) {}
