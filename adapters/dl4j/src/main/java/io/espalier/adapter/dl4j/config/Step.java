package io.espalier.adapter.dl4j.config;

import java.util.List;
import java.util.Optional;

/**
 * One layer or vertex of a network, in the order of its parameters.
 *
 * @param name its unique name
 * @param isLayer whether it is a layer; otherwise it is a vertex that only connects
 * @param node its configuration
 * @param preProcessor what reshapes its input first
 * @param inputs names of the steps and inputs that it reads
 */
public record Step(
        String name, boolean isLayer, ConfigNode node, Optional<ConfigNode> preProcessor, List<String> inputs) {

    public Step {
        inputs = List.copyOf(inputs);
    }
}
