package io.espalier.adapter.dl4j.config;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * A configured network of either kind as a list of steps.
 *
 * @param root the whole configuration
 * @param kind which class of the library it is
 * @param inputs names of the inputs, in order
 * @param outputs names of the steps that are returned, in order
 * @param steps layers and vertices in the order in which their parameters lie, which is topological
 */
public record Network(ConfigNode root, Kind kind, List<String> inputs, List<String> outputs, List<Step> steps) {

    /** The two classes of networks. */
    public enum Kind {
        MULTI_LAYER_NETWORK,
        COMPUTATION_GRAPH
    }

    private static final String INPUT = "input";

    public Network {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        steps = List.copyOf(steps);
    }

    /**
     * Reads a configuration.
     *
     * @throws InvalidInputException when it is neither kind of network, or its parts do not connect
     */
    public static Network of(ConfigNode root) {
        Network network = root.json().has("vertices") ? graph(root) : chain(root);
        network.checkConnections();
        return network;
    }

    private static Network chain(ConfigNode root) {
        JsonNode confs = root.json().path("confs");
        if (!confs.isArray() || confs.isEmpty()) {
            throw new InvalidInputException("The configuration.json holds neither the layers of a MultiLayerNetwork"
                    + " ('confs') nor the vertices of a ComputationGraph ('vertices'); save the network again.");
        }
        List<Step> steps = new ArrayList<>();
        Set<String> names = new HashSet<>(List.of(INPUT));
        String before = INPUT;
        for (int i = 0; i < confs.size(); i++) {
            ConfigNode layer = new ConfigNode(confs.get(i), "/confs/" + i).require("layer");
            String given = layerName(layer).orElse("layer" + i);
            String name = names.add(given) ? given : given + "#" + i;
            names.add(name);
            Optional<ConfigNode> preProcessor = root.child("inputPreProcessors").flatMap(child(Integer.toString(i)));
            steps.add(new Step(name, true, layer, preProcessor, List.of(before)));
            before = name;
        }
        return new Network(root, Kind.MULTI_LAYER_NETWORK, List.of(INPUT), List.of(before), steps);
    }

    private static java.util.function.Function<ConfigNode, Optional<ConfigNode>> child(String name) {
        return node -> node.child(name);
    }

    private static Optional<String> layerName(ConfigNode layer) {
        String own = layer.text("layerName", "");
        return own.isBlank() ? Optional.empty() : Optional.of(own);
    }

    private static Network graph(ConfigNode root) {
        ConfigNode vertices = root.require("vertices");
        ConfigNode connections = root.require("vertexInputs");
        List<String> inputs = root.texts("networkInputs");
        List<String> order = root.texts("topologicalOrderStr");
        if (order.isEmpty()) {
            throw new InvalidInputException("The configuration of the ComputationGraph does not say in which order its"
                    + " parameters lie ('topologicalOrderStr'); load it with DL4J 1.0.0-M2.1 and save it again.");
        }
        Set<String> expected = new LinkedHashSet<>(inputs);
        vertices.json().fieldNames().forEachRemaining(expected::add);
        if (!expected.equals(new HashSet<>(order)) || expected.size() != order.size()) {
            throw new InvalidInputException(
                    "Broken configuration: 'topologicalOrderStr' does not name every vertex once; save the network again.");
        }
        List<Step> steps = new ArrayList<>();
        for (String name : order) {
            if (!inputs.contains(name)) {
                steps.add(vertex(name, vertices.require(name), connections.texts(name)));
            }
        }
        return new Network(root, Kind.COMPUTATION_GRAPH, inputs, root.texts("networkOutputs"), steps);
    }

    private static Step vertex(String name, ConfigNode vertex, List<String> inputs) {
        if (!vertex.type().equals("LayerVertex")) {
            return new Step(name, false, vertex, Optional.empty(), inputs);
        }
        ConfigNode layer = vertex.require("layerConf").require("layer");
        return new Step(name, true, layer, vertex.child("preProcessor"), inputs);
    }

    private void checkConnections() {
        if (inputs.isEmpty() || outputs.isEmpty()) {
            throw new InvalidInputException("Broken configuration: the network has no inputs or no outputs.");
        }
        Set<String> made = new HashSet<>(inputs);
        for (Step step : steps) {
            if (step.inputs().isEmpty() || step.isLayer() && step.inputs().size() != 1) {
                throw new InvalidInputException("Broken configuration: " + Quoted.name(step.name()) + " reads "
                        + step.inputs().size() + " inputs.");
            }
            for (String input : step.inputs()) {
                if (!made.contains(input)) {
                    throw new InvalidInputException("Broken configuration: " + Quoted.name(step.name()) + " reads "
                            + Quoted.name(input) + ", which nothing before it makes.");
                }
            }
            made.add(step.name());
        }
        outputs.stream().filter(output -> !made.contains(output)).findFirst().ifPresent(output -> {
            throw new InvalidInputException(
                    "Broken configuration: the output " + Quoted.name(output) + " is made by nothing.");
        });
    }
}
