package io.espalier.adapter.dl4j.edit;

import io.espalier.adapter.dl4j.config.Network;
import io.espalier.adapter.dl4j.config.Step;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.Edit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The configuration of a ComputationGraph without some inputs of vertices that add others: what led to an output through them alone
 * is removed, and what read a vertex with one input left reads that. The vertices that are left keep the order of their parameters.
 */
final class ShorterGraph {

    private final Network network;
    private final Map<String, Step> steps = new LinkedHashMap<>();
    /** What is read in the place of vertices with one input left. */
    private final Map<String, String> stand = new LinkedHashMap<>();
    /** The inputs that are left of other vertices. */
    private final Map<String, List<String>> fewer = new LinkedHashMap<>();

    private ShorterGraph(Network network) {
        this.network = network;
        network.steps().forEach(step -> steps.put(step.name(), step));
    }

    /**
     * Leaves inputs of vertices out of a configuration.
     *
     * @param configuration is changed
     * @throws InvalidInputException when one is no vertex of its own
     */
    static void apply(ObjectNode configuration, Network network, List<Edit.Omit> omits) {
        ShorterGraph graph = new ShorterGraph(network);
        Edit.Omit.bySum(omits).forEach(graph::leaveOut);
        graph.write(configuration);
    }

    private void leaveOut(String sum, Set<Integer> slots) {
        Step step = steps.get(sum);
        if (step == null || !step.node().type().equals("ElementWiseVertex")) {
            throw new InvalidInputException("An operand of the operator that makes " + Quoted.name(sum)
                    + " cannot be left out: it is part of a layer, and no vertex that adds others.");
        }
        List<String> left = Edit.Omit.remaining(step.inputs(), slots);
        if (left.size() == 1) {
            stand.put(sum, left.get(0));
        } else {
            fewer.put(sum, left);
        }
    }

    private String read(String name) {
        String read = name;
        while (stand.containsKey(read)) {
            read = stand.get(read);
        }
        return read;
    }

    /** What a step of the shorter graph reads. */
    private List<String> inputs(Step step) {
        return fewer.getOrDefault(step.name(), step.inputs()).stream()
                .map(this::read)
                .toList();
    }

    /** The steps on a way to an output. */
    private Set<String> leading(Function<Step, List<String>> inputs) {
        Set<String> leading = new HashSet<>();
        Deque<String> wanted = new ArrayDeque<>(network.outputs());
        while (!wanted.isEmpty()) {
            String name = wanted.pop();
            if (leading.add(name) && steps.containsKey(name)) {
                wanted.addAll(inputs.apply(steps.get(name)));
            }
        }
        return leading;
    }

    private void write(ObjectNode configuration) {
        Set<String> gone = leading(Step::inputs);
        gone.removeAll(leading(this::inputs));
        gone.removeAll(network.inputs());
        ((ObjectNode) configuration.get("vertices")).remove(gone);
        ObjectNode connections = (ObjectNode) configuration.get("vertexInputs");
        connections.remove(gone);
        connections.fields().forEachRemaining(vertex -> read(vertex.getKey(), (ArrayNode) vertex.getValue()));
        renumber(configuration, gone);
    }

    private void read(String vertex, ArrayNode inputs) {
        List<String> read = new ArrayList<>();
        inputs.forEach(input -> read.add(input.textValue()));
        inputs.removeAll();
        fewer.getOrDefault(vertex, read).stream().map(this::read).forEach(inputs::add);
    }

    /** The order of the parameters stays; numbers of vertices have no gaps. */
    private static void renumber(ObjectNode configuration, Set<String> gone) {
        ArrayNode names = (ArrayNode) configuration.get("topologicalOrderStr");
        JsonNode numbers = configuration.path("topologicalOrder");
        List<String> keptNames = new ArrayList<>();
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!gone.contains(names.get(i).textValue())) {
                keptNames.add(names.get(i).textValue());
                kept.add(numbers.path(i).intValue());
            }
        }
        names.removeAll();
        keptNames.forEach(names::add);
        if (numbers instanceof ArrayNode array) {
            List<Integer> sorted = kept.stream().sorted().toList();
            array.removeAll();
            kept.forEach(number -> array.add(sorted.indexOf(number)));
        }
    }
}
