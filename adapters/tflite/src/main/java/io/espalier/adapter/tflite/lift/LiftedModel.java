package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.tflite.edit.ConstantHome;
import io.espalier.adapter.tflite.edit.NodeHome;
import io.espalier.spi.graph.Graph;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A neutral graph with the way back.
 *
 * @param graph the graph
 * @param constants homes of constants; those without one are made for a node and follow from it
 * @param nodes homes of nodes by first output
 * @param values indices of computed native tensors by name
 */
public record LiftedModel(
        Graph graph, Map<String, ConstantHome> constants, Map<String, NodeHome> nodes, Map<String, Integer> values) {

    public LiftedModel {
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
