package io.espalier.engine.loss;

import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.Batch;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes the nodes of a loss. */
final class EngineLossContext implements LossContext {

    private final Graph graph;
    private final GraphIndex index;
    private final Map<String, ValueType> types;
    private final Options options;
    private final Optional<Batch> example;
    private final FreshNames names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, LabelInput> inputs = new LinkedHashMap<>();
    private final Map<String, Long> classes = new LinkedHashMap<>();

    /**
     * Starts to add a loss.
     *
     * @param example some of the data; without it, labels are whatever the loss likes best
     */
    EngineLossContext(Graph graph, Shapes shapes, Options options, Optional<Batch> example) {
        this.graph = graph;
        this.index = GraphIndex.of(graph);
        this.types = shapes.types();
        this.options = options;
        this.example = example;
        this.names = FreshNames.of(graph);
    }

    FreshNames names() {
        return names;
    }

    List<Node> nodes() {
        return nodes;
    }

    Map<String, Tensor> constants() {
        return constants;
    }

    /** The labels that were asked for, by the input that they are fed to. */
    Map<String, LabelInput> inputs() {
        return inputs;
    }

    /** The number of classes that labels were asked to be of, by input. */
    Map<String, Long> classes() {
        return classes;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public List<String> outputs() {
        return graph.outputs();
    }

    @Override
    public Optional<ValueType> type(String value) {
        LabelInput labels = inputs.get(value);
        return labels == null ? Optional.ofNullable(types.get(value)) : Optional.of(labels.type());
    }

    @Override
    public Optional<Node> producer(String value) {
        return index.producer(index.origin(value));
    }

    @Override
    public Optional<String> labels(String array, List<ValueType> forms) {
        if (example.isEmpty()) {
            return Optional.of(input(
                    array.isEmpty() ? "labels" : array,
                    new LabelInput(forms.get(0), batch -> batch.labels().get(array))));
        }
        Map<String, Tensor> available = example.get().labels();
        if (!array.isEmpty() && !available.containsKey(array)) {
            throw new InvalidInputException("The data has no labels that are called " + Quoted.name(array) + "; it has "
                    + (available.isEmpty() ? "none at all" : String.join(", ", available.keySet())) + ".");
        }
        for (ValueType form : forms) {
            Optional<LabelInput> found = classes(array, form).or(() -> array(array, form));
            if (found.isPresent()) {
                return Optional.of(input("loss/labels", found.get()));
            }
        }
        return Optional.empty();
    }

    private Optional<LabelInput> classes(String array, ValueType form) {
        boolean one =
                form.type() == DataType.INT64 && form.shape().orElseThrow().size() == 1;
        boolean first = array.isEmpty()
                || example.orElseThrow().labels().keySet().iterator().next().equals(array);
        return one && first && example.orElseThrow().classes().isPresent()
                ? Optional.of(new LabelInput(
                        form, batch -> Tensors.vector(batch.classes().orElseThrow())))
                : Optional.empty();
    }

    private Optional<LabelInput> array(String array, ValueType form) {
        return example.orElseThrow().labels().entrySet().stream()
                .filter(each -> array.isEmpty() || each.getKey().equals(array))
                .filter(each -> LabelInput.fits(each.getValue(), form))
                .findFirst()
                .map(each -> new LabelInput(form, batch -> batch.labels().get(each.getKey())));
    }

    private String input(String name, LabelInput labels) {
        String fresh = names.fresh(name);
        inputs.put(fresh, labels.open());
        return fresh;
    }

    @Override
    public void requireClasses(String labels, long count) {
        classes.put(labels, count);
    }

    @Override
    public List<String> add(Node node) {
        List<String> outputs = node.outputs().stream()
                .map(each -> names.fresh("loss/" + (each.isEmpty() ? node.operator() : each)))
                .toList();
        nodes.add(new Node(node.domain(), node.operator(), node.inputs(), outputs, node.attributes()));
        return outputs;
    }

    @Override
    public String constant(Tensor value) {
        String name = names.fresh("loss/constant");
        constants.put(name, value);
        return name;
    }
}
