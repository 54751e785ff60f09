package io.espalier.engine.verify;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A pruned model in a proof.
 *
 * @param graph the model as a neutral graph
 * @param outputs for each input, what the model makes of it, whatever runs it
 */
record PrunedRun(Graph graph, Pending<List<Map<String, Tensor>>> outputs) {}
