/**
 * Judging models on labelled examples. {@link io.espalier.engine.evaluate.MetricChoice} says which metric does it,
 * {@link io.espalier.engine.evaluate.Evaluation} is what it has found, and {@link
 * io.espalier.engine.evaluate.GraphMetric} is a metric that a model file computes.
 */
package io.espalier.engine.evaluate;
