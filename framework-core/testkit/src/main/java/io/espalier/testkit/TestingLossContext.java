package io.espalier.testkit;

import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model of some outputs, with labels of the form that a loss likes best, or with none. Keeps what a loss adds. */
public final class TestingLossContext implements LossContext {

    private final Map<String, ValueType> outputs;
    private final Options options;
    private final boolean labelled;
    private final Map<String, ValueType> labels = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    public TestingLossContext(Map<String, ValueType> outputs, Options options, boolean labelled) {
        this.outputs = new LinkedHashMap<>(outputs);
        this.options = options;
        this.labelled = labelled;
    }

    /** The nodes that were added. */
    public List<Node> nodes() {
        return nodes;
    }

    /** Whether a value exists. */
    public boolean has(String value) {
        return outputs.containsKey(value)
                || labels.containsKey(value)
                || constants.containsKey(value)
                || nodes.stream().anyMatch(node -> node.outputs().contains(value));
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public List<String> outputs() {
        return List.copyOf(outputs.keySet());
    }

    @Override
    public Optional<ValueType> type(String value) {
        return Optional.ofNullable(outputs.getOrDefault(value, labels.get(value)));
    }

    @Override
    public Optional<Node> producer(String value) {
        return Optional.empty();
    }

    @Override
    public Optional<String> labels(String array, List<ValueType> forms) {
        if (!labelled) {
            return Optional.empty();
        }
        String name = "labels " + labels.size();
        labels.put(name, forms.get(0));
        return Optional.of(name);
    }

    @Override
    public void requireClasses(String value, long count) {
        if (!labels.containsKey(value) || count < 1) {
            throw new IllegalArgumentException("'" + value + "' are no labels, or of no class");
        }
    }

    @Override
    public List<String> add(Node node) {
        node.reads().stream().filter(each -> !has(each)).findFirst().ifPresent(each -> {
            throw new IllegalArgumentException("the node reads '" + each + "', which nothing has made");
        });
        List<String> made = new ArrayList<>();
        for (int slot = 0; slot < node.outputs().size(); slot++) {
            made.add("value " + nodes.size() + "." + slot);
        }
        nodes.add(new Node(node.domain(), node.operator(), node.inputs(), made, node.attributes()));
        return made;
    }

    @Override
    public String constant(Tensor value) {
        String name = "constant " + constants.size();
        constants.put(name, value);
        return name;
    }
}
