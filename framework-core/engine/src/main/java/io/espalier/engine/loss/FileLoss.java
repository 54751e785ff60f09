package io.espalier.engine.loss;

import io.espalier.graph.gradient.Differentiable;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.tensor.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A loss that a model file computes: its inputs are outputs of the model and arrays of the data, by name; its first output is one
 * number, the mean over the examples of a batch.
 */
public final class FileLoss implements Loss {

    private final Path file;
    private final FrameworkAdapter adapter;

    /**
     * A loss in a file.
     *
     * @param adapter opens the file
     */
    public FileLoss(Path file, FrameworkAdapter adapter) {
        this.file = file;
        this.adapter = adapter;
    }

    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public String description() {
        return "What the file computes.";
    }

    @Override
    public String of(LossContext context) {
        try (Model model = adapter.open(file, AdapterContext.of(adapter, Operators.standard()))) {
            Graph graph = Differentiable.of(model.graph(), Operators.standard());
            requireNumber(graph);
            Map<String, String> names = new LinkedHashMap<>();
            graph.inputs().forEach((name, type) -> names.put(name, input(name, type, context)));
            graph.constants().forEach((name, tensor) -> names.put(name, context.constant(tensor)));
            graph.nodes().forEach(node -> add(node, names, context));
            return names.get(graph.outputs().get(0));
        }
    }

    private void requireNumber(Graph graph) {
        String output = graph.outputs().get(0);
        Optional<List<Dim>> shape = Operators.standard().infer(graph).shape(output);
        if (shape.filter(extents -> extents.stream().allMatch(each -> each.is(1)))
                .isEmpty()) {
            throw refused("its first output " + Quoted.name(output) + " has the shape "
                    + shape.map(List::toString).orElse("unknown") + ", but must be one number");
        }
    }

    private String input(String name, ValueType type, LossContext context) {
        if (context.outputs().contains(name)) {
            return name;
        }
        List<Dimension> shape = new ArrayList<>(type.shape()
                .orElseThrow(() -> refused("it does not declare the shape of its input " + Quoted.name(name)
                        + "; export it with a shape")));
        if (shape.isEmpty()) {
            throw refused("its input " + Quoted.name(name) + " has no axis of examples");
        }
        shape.set(0, new Dimension.Unknown());
        DataType fed = type.type().isFloating() ? DataType.FLOAT32 : DataType.INT64;
        String labels = labels(name, new ValueType(fed, Optional.of(shape)), context);
        Attribute to = new Attribute.Int(type.type().onnxNumber());
        return fed == type.type() ? labels : context.apply("Cast", Map.of("to", to), labels);
    }

    private String labels(String name, ValueType form, LossContext context) {
        return context.labels(name, List.of(form))
                .orElseThrow(() -> refused("the array " + Quoted.name(name) + " of the data is not what it takes, "
                        + form.type() + " of rank " + form.shape().orElseThrow().size()));
    }

    private void add(Node node, Map<String, String> names, LossContext context) {
        if (!node.bodies().isEmpty()) {
            throw refused("its " + node.qualifiedOperator() + " holds graphs of its own, which a loss cannot");
        }
        List<String> inputs = node.inputs().stream()
                .map(each -> each.isEmpty() ? each : names.get(each))
                .toList();
        List<String> added =
                context.add(new Node(node.domain(), node.operator(), inputs, node.outputs(), node.attributes()));
        for (int i = 0; i < added.size(); i++) {
            names.put(node.outputs().get(i), added.get(i));
        }
    }

    private InvalidInputException refused(String reason) {
        return new InvalidInputException("The loss " + Quoted.name(name()) + " cannot be used: " + reason + ".");
    }
}
