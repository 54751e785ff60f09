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
import java.util.function.UnaryOperator;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The configuration of a ComputationGraph without vertices that add two others: what read one reads one of its inputs, and what
 * led to an output through it alone is removed. The vertices that are left keep the order of their parameters.
 */
final class ShorterGraph {

    private final Network network;
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Map<String, String> stand = new LinkedHashMap<>();

    private ShorterGraph(Network network) {
        this.network = network;
        network.steps().forEach(step -> steps.put(step.name(), step));
    }

    /**
     * Leaves vertices out of a configuration.
     *
     * @param configuration is changed
     * @throws InvalidInputException when one is no vertex of its own
     */
    static void apply(ObjectNode configuration, Network network, List<Edit.Bypass> bypasses) {
        ShorterGraph graph = new ShorterGraph(network);
        bypasses.forEach(graph::leaveOut);
        graph.write(configuration);
    }

    private void leaveOut(Edit.Bypass bypass) {
        Step step = steps.get(bypass.node());
        if (step == null
                || !step.node().type().equals("ElementWiseVertex")
                || step.inputs().size() != 2) {
            throw new InvalidInputException("The operator that makes " + Quoted.name(bypass.node())
                    + " cannot be left out: it is part of a layer, and no vertex that adds two others.");
        }
        stand.put(step.name(), step.inputs().get(bypass.slot()));
    }

    private String read(String name) {
        String read = name;
        while (stand.containsKey(read)) {
            read = stand.get(read);
        }
        return read;
    }

    /** The steps on a way to an output. */
    private Set<String> leading(UnaryOperator<String> reading) {
        Set<String> leading = new HashSet<>();
        Deque<String> wanted = new ArrayDeque<>(network.outputs());
        while (!wanted.isEmpty()) {
            String name = wanted.pop();
            if (leading.add(name) && steps.containsKey(name)) {
                steps.get(name).inputs().stream().map(reading).forEach(wanted::add);
            }
        }
        return leading;
    }

    private void write(ObjectNode configuration) {
        Set<String> gone = leading(UnaryOperator.identity());
        gone.removeAll(leading(this::read));
        gone.removeAll(network.inputs());
        ((ObjectNode) configuration.get("vertices")).remove(gone);
        ObjectNode connections = (ObjectNode) configuration.get("vertexInputs");
        connections.remove(gone);
        connections.forEach(inputs -> redirect((ArrayNode) inputs));
        renumber(configuration, gone);
    }

    private void redirect(ArrayNode inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            inputs.set(i, inputs.textNode(read(inputs.get(i).textValue())));
        }
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
