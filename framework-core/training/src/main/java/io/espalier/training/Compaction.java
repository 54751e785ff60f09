package io.espalier.training;

import io.espalier.engine.regularize.RegularizedNetwork;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.regularizer.CoupledGroup;
import io.espalier.spi.regularizer.CoupledSlices;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network with compactors behind the layers that compute coupled channels.
 *
 * @param graph the network with them
 * @param compactors by the weights of their layers, in the order of the graph
 * @param channels the coupled channels, with the rows of compactors
 */
record Compaction(Graph graph, Map<String, Compactor> compactors, RegularizedNetwork channels) {

    /**
     * Puts compactors into a network.
     *
     * @param channels its coupled channels
     * @param numbers names of its trained weights and its statistics
     * @throws InvalidInputException when no layer can have one
     */
    static Compaction of(Graph graph, Operators operators, RegularizedNetwork channels, Set<String> numbers) {
        Set<String> producers = channels.groups().stream()
                .flatMap(group -> group.slices().stream())
                .filter(slices -> slices.role() == ParameterRole.PRODUCER)
                .map(CoupledSlices::weight)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        CompactedLayers layers = new CompactedLayers(graph, operators, numbers);
        producers.forEach(layers::add);
        Map<String, Compactor> compactors = layers.compactors();
        if (compactors.isEmpty()) {
            throw new InvalidInputException("No layer that computes channels which can be removed can have a matrix"
                    + " behind it; take another regularizer.");
        }
        Map<String, int[]> made = new LinkedHashMap<>();
        compactors.forEach((weight, compactor) -> made.put(
                weight, compactor.channels(graph.constants().get(weight).shape())));
        List<CoupledGroup> groups = channels.groups().stream()
                .map(group -> withRows(group, compactors, made))
                .toList();
        Set<String> names = compactors.values().stream().map(Compactor::name).collect(Collectors.toSet());
        return new Compaction(layers.graph(), compactors, channels.withCompactors(groups, names));
    }

    private static CoupledGroup withRows(
            CoupledGroup group, Map<String, Compactor> compactors, Map<String, int[]> made) {
        List<CoupledSlices> slices = new ArrayList<>(group.slices());
        for (CoupledSlices each : group.slices()) {
            Compactor compactor = compactors.get(each.weight());
            if (each.role() == ParameterRole.PRODUCER && compactor != null) {
                int[] channels = made.get(each.weight());
                int[][] rows = new int[group.size()][];
                for (int channel = 0; channel < rows.length; channel++) {
                    rows[channel] = compactor.row(channels[each.elements()[channel][0]]);
                }
                slices.add(new CoupledSlices(compactor.name(), ParameterRole.PRODUCER, rows));
            }
        }
        return new CoupledGroup(group.name(), slices);
    }

    /** The matrices as they begin. */
    Weights identities() {
        Map<String, ArrayTensor> identities = new LinkedHashMap<>();
        compactors.values().forEach(each -> identities.put(each.name(), each.identity()));
        return Weights.of(identities);
    }

    /** The matrices, which no decay pulls towards zero. */
    List<TrainableWeight> trainable() {
        return compactors.values().stream()
                .map(each -> new TrainableWeight(each.name(), each.shape(), TrainableWeight.Kind.OTHER))
                .toList();
    }

    /** The numbers of the network without compactors that computes the same. */
    Map<String, Tensor> merged(Map<String, Tensor> numbers) {
        Map<String, Tensor> merged = new LinkedHashMap<>(numbers);
        compactors.values().forEach(each -> each.merge(merged));
        compactors.values().forEach(each -> merged.remove(each.name()));
        return merged;
    }

    /** Whether a name is that of a compactor. */
    boolean has(String name) {
        return channels.compactors().contains(name);
    }
}
