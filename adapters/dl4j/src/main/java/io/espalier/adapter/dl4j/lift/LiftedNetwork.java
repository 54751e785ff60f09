package io.espalier.adapter.dl4j.lift;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A neutral graph and its ties to the file.
 *
 * @param graph the graph
 * @param parameters constants that lie in the flat vector, by name
 * @param companions parameters that inference does not read, which are cut with others
 * @param sizes numbers of the configuration that follow from constants
 * @param blocks the parameters, in the order in which the state of updaters is counted
 * @param parameterCount length of the flat vector
 * @param names inputs, layers and vertices by the names of the configuration, and parameters by layer and role
 * @param layers what the configuration calls its layers, by first output of a node
 */
public record LiftedNetwork(
        Graph graph,
        Map<String, FlatView> parameters,
        List<Companion> companions,
        List<SizeBinding> sizes,
        List<ParameterBlock> blocks,
        long parameterCount,
        Set<String> names,
        Map<String, LayerName> layers) {

    public LiftedNetwork {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        companions = List.copyOf(companions);
        sizes = List.copyOf(sizes);
        blocks = List.copyOf(blocks);
        names = Set.copyOf(names);
        layers = Map.copyOf(layers);
    }
}
