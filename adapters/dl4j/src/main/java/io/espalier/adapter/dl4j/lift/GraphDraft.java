package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.store.FlatArray;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.shade.jackson.databind.JsonNode;

/** A neutral graph while it is being lifted. Not thread-safe. */
final class GraphDraft {

    private final FlatArray data;
    private final ChannelOrder order;
    private final Map<String, ValueType> inputs = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, FlatView> parameters = new LinkedHashMap<>();
    private final List<SizeBinding> sizes = new ArrayList<>();
    private final List<ParameterBlock> blocks = new ArrayList<>();
    private final List<Companion> companions = new ArrayList<>();
    private final Map<String, ValueType> declared = new LinkedHashMap<>();
    private final Map<String, LayerName> layerNames = new LinkedHashMap<>();
    private final FreshNames names = new FreshNames();
    private final Set<String> fileNames = new LinkedHashSet<>();
    /** Axes behind the channels whose extents do not fit together. */
    private final Set<Integer> contradictions = new TreeSet<>();

    private long parameterCount;
    private int layers;

    GraphDraft(FlatArray data, ChannelOrder order) {
        this.data = data;
        this.order = order;
    }

    ChannelOrder order() {
        return order;
    }

    /** Keeps names for the inputs and the results of steps. */
    void reserve(List<String> values) {
        names.reserve(values);
        fileNames.addAll(values);
    }

    String unique(String wish) {
        return names.fresh(wish);
    }

    void input(String name, ValueType type) {
        inputs.put(name, type);
    }

    void declare(String value, ValueType type) {
        declared.put(value, type);
    }

    void add(Node node) {
        nodes.add(node);
    }

    String constant(String wish, Tensor value) {
        String name = unique(wish);
        constants.put(name, value);
        return name;
    }

    String parameter(String wish, FlatView view) {
        String name = constant(wish, new FlatTensor(data, view));
        parameters.put(name, view);
        fileNames.add(name);
        return name;
    }

    /** Ties a number of the configuration to what it counts, where the library has filled it in. */
    void bind(ConfigNode node, String field, Extent extent) {
        JsonNode value = node.json().path(field);
        if (value.isIntegralNumber() && value.longValue() == extent.original()) {
            sizes.add(new SizeBinding(node.place(field), extent));
        }
    }

    /** Ties one number of a list. */
    void bindElement(ConfigNode node, String field, int index, Extent extent) {
        sizes.add(new SizeBinding(node.place(field) + "/" + index, extent));
    }

    void contradict(int axis) {
        contradictions.add(axis);
    }

    Set<Integer> contradictions() {
        return contradictions;
    }

    /** The next layer with parameters begins. */
    int nextLayer() {
        return layers++;
    }

    /** The index behind the parameters so far. */
    long parameterCount() {
        return parameterCount;
    }

    void advance(long count) {
        parameterCount = Math.addExact(parameterCount, count);
    }

    void block(ParameterBlock block) {
        blocks.add(block);
    }

    void follow(Companion companion) {
        companions.add(companion);
    }

    /** Number of nodes so far. */
    int size() {
        return nodes.size();
    }

    /** Gives a value made since a number of nodes another name. */
    boolean rename(String from, String to, int since) {
        boolean made = false;
        for (int i = since; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            made |= node.outputs().contains(from);
            List<String> reads = node.inputs().stream()
                    .map(name -> name.equals(from) ? to : name)
                    .toList();
            List<String> makes = node.outputs().stream()
                    .map(name -> name.equals(from) ? to : name)
                    .toList();
            if (made) {
                nodes.set(i, new Node(node.domain(), node.operator(), reads, makes, node.attributes()));
            }
        }
        return made;
    }

    /** Says which layer the nodes since a number of nodes belong to. */
    void nameLayer(String name, int since) {
        nodes.subList(since, nodes.size()).forEach(node -> layerNames.put(node.id(), LayerName.ofModule(name)));
    }

    LiftedNetwork finish(String name, List<String> outputs) {
        Graph graph = new Graph(name, inputs, outputs, nodes, constants, declared);
        return new LiftedNetwork(graph, parameters, companions, sizes, blocks, parameterCount, fileNames, layerNames);
    }
}
