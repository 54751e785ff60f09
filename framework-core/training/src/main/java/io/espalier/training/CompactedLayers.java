package io.espalier.training;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Nodes;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.GraphIndex.Reader;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import io.espalier.training.Compactor.Norm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts compactors behind layers. A layer is one that multiplies data with a weight that nothing else reads, then perhaps adds a
 * constant, then perhaps normalises by statistics of a batch; all its constants must be trained, because merging changes them. Layers
 * in groups have none: their channels do not see the same inputs. Not thread-safe.
 */
final class CompactedLayers {

    private static final double EPSILON = 1e-5;

    private final GraphIndex index;
    private final Operators operators;
    private final Shapes shapes;
    private final Set<String> numbers;
    private final FreshNames names;
    private final Map<String, Reader> readers = new LinkedHashMap<>();
    private final Map<String, Compactor> compactors = new LinkedHashMap<>();
    /** For each value that is mixed, the compactor behind it. */
    private final Map<String, Compactor> behind = new LinkedHashMap<>();

    /** @param numbers names of trained weights and statistics */
    CompactedLayers(Graph graph, Operators operators, Set<String> numbers) {
        this.index = GraphIndex.of(graph);
        this.operators = operators;
        this.shapes = operators.infer(graph);
        this.numbers = numbers;
        this.names = FreshNames.of(graph);
        for (Node node : graph.nodes()) {
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                int at = slot;
                owned(node, slot).ifPresent(constant -> readers.put(constant, new Reader(node, at)));
            }
        }
    }

    /** The constant that is trained and that a slot alone reads. */
    private Optional<String> owned(Node node, int slot) {
        return node.input(slot)
                .filter(read -> index.isReadOnce(read) && index.isReadOnce(index.origin(read)))
                .map(index::origin)
                .filter(numbers::contains);
    }

    /** The compactors so far, by weight. */
    Map<String, Compactor> compactors() {
        return compactors;
    }

    /** Puts one behind the layer of a weight, where there can be one. */
    void add(String weight) {
        Optional<Reader> reader = Optional.ofNullable(readers.get(weight));
        reader.flatMap(each -> matrix(each, weight)).ifPresent(layer -> add(weight, layer));
    }

    private Optional<WeightMatrix> matrix(Reader reader, String weight) {
        NodeView view = new NodeView(reader.node(), shapes);
        return operators
                .of(reader.node())
                .filter(definition -> definition.contracts(view) && !definition.is(Trait.ORDERED))
                .filter(definition -> weight.equals(reader.node().inputs().get(reader.slot())))
                .flatMap(definition -> WeightMatrix.of(
                        definition,
                        view,
                        reader.slot(),
                        index.constants().get(weight).shape()))
                .filter(layer -> layer.groups() == 1 && layer.givenAxes().size() == 1);
    }

    private void add(String weight, WeightMatrix layer) {
        int axis = layer.givenAxes().get(0);
        Optional<Integer> rank = shapes.shape(layer.node().id()).map(List::size);
        Optional<Layer> found =
                rank.filter(axes -> axis == axes - 1 || axis == 1).flatMap(axes -> layer(layer, axes));
        found.filter(each -> !index.isReturned(each.value())).ifPresent(each -> {
            boolean last = axis == rank.get() - 1;
            List<Long> shape = new ArrayList<>(List.of((long) layer.outputs(), (long) layer.outputs()));
            shape.addAll(Collections.nCopies(last ? 0 : rank.get() - 2, 1L));
            Compactor compactor = new Compactor(
                    names.fresh(weight + "/compactor"), shape, last, layer, weight, each.biases(), each.norm());
            compactors.put(weight, compactor);
            behind.put(each.value(), compactor);
        });
    }

    /** What a layer computes, and what it is computed with. */
    private record Layer(String value, List<String> biases, Optional<Norm> norm) {}

    /** Empty when a constant of it cannot be changed. */
    private Optional<Layer> layer(WeightMatrix layer, int rank) {
        List<String> biases = new ArrayList<>();
        Node node = layer.node();
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            if (slot != layer.slot()
                    && slot != layer.dataSlot()
                    && node.input(slot).isPresent()) {
                Optional<String> bias = owned(node, slot).filter(each -> isWide(each, layer.outputs()));
                if (bias.isEmpty()) {
                    return Optional.empty();
                }
                biases.add(bias.get());
            }
        }
        String value = node.id();
        Optional<Reader> next = onlyReader(value);
        while (next.isPresent()) {
            Optional<String> added = added(next.get(), layer, rank);
            if (added.isEmpty()) {
                break;
            }
            biases.add(added.get());
            value = next.get().node().id();
            next = onlyReader(value);
        }
        Optional<Norm> norm = next.flatMap(reader -> norm(reader, layer.outputs()));
        return Optional.of(new Layer(norm.isPresent() ? next.get().node().id() : value, biases, norm));
    }

    private Optional<Reader> onlyReader(String value) {
        List<Reader> all = index.readers(value);
        return all.size() == 1 && !index.isReturned(value) ? Optional.of(all.get(0)) : Optional.empty();
    }

    private boolean isWide(String constant, int width) {
        return index.constants().get(constant).size() == width;
    }

    /** The constant that an addition adds to each channel. */
    private Optional<String> added(Reader reader, WeightMatrix layer, int rank) {
        boolean adds = operators
                .of(reader.node())
                .filter(definition -> definition.is(Trait.ADDS))
                .isPresent();
        if (!adds || reader.node().inputs().size() != 2) {
            return Optional.empty();
        }
        int behindAxis = rank - layer.givenAxes().get(0);
        return owned(reader.node(), 1 - reader.slot())
                .filter(constant -> isWide(constant, layer.outputs()))
                .filter(constant -> {
                    List<Long> shape = index.constants().get(constant).shape();
                    return shape.size() >= behindAxis && shape.get(shape.size() - behindAxis) == layer.outputs();
                });
    }

    private Optional<Norm> norm(Reader reader, int width) {
        Node node = reader.node();
        Optional<OperatorDefinition> definition = operators.of(node);
        Map<SlotRole, List<String>> constants = new LinkedHashMap<>();
        for (int slot = 0; slot < node.inputs().size() && definition.isPresent(); slot++) {
            SlotRole role = definition.get().role(new NodeView(node, shapes), slot);
            owned(node, slot)
                    .filter(each -> isWide(each, width))
                    .ifPresent(each -> constants
                            .computeIfAbsent(role, key -> new ArrayList<>())
                            .add(each));
        }
        List<String> scales = constants.getOrDefault(SlotRole.SCALE, List.of());
        List<String> shifts = constants.getOrDefault(SlotRole.SHIFT, List.of());
        List<String> statistics = constants.getOrDefault(SlotRole.STATISTIC, List.of());
        return scales.size() == 1 && shifts.size() == 1 && statistics.size() == 2
                ? Optional.of(new Norm(
                        scales.get(0),
                        shifts.get(0),
                        statistics.get(0),
                        statistics.get(1),
                        node.realAttribute("epsilon", EPSILON)))
                : Optional.empty();
    }

    /** The graph with all compactors, which begin as identities. */
    Graph graph() {
        Graph graph = index.graph();
        Map<String, String> mixed = new LinkedHashMap<>();
        behind.keySet().forEach(value -> mixed.put(value, names.fresh(value + "/compacted")));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(reading(node, mixed));
            Compactor compactor = behind.get(node.id());
            if (compactor != null) {
                String output = mixed.get(node.id());
                nodes.add(
                        compactor.inColumns()
                                ? Nodes.multiplyMatrices(node.id(), compactor.name(), output)
                                : Nodes.mixChannels(node.id(), compactor.name(), output));
            }
        }
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        compactors.values().forEach(each -> constants.put(each.name(), each.identity()));
        return new Graph(
                graph.name(), graph.inputs(), graph.outputs(), nodes, constants, graph.declared(), graph.given());
    }

    private static Node reading(Node node, Map<String, String> mixed) {
        Node reading = node;
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            String other = mixed.get(node.inputs().get(slot));
            if (other != null) {
                reading = reading.withInput(slot, other);
            }
        }
        return reading;
    }
}
