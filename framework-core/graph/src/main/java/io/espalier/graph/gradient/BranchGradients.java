package io.espalier.graph.gradient;

import io.espalier.graph.operator.BodyCopy;
import io.espalier.graph.operator.Emitter;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The gradient of an {@code If} as another one by the same condition: the branch that is taken computes what it computed before, and hands
 * the gradient by its outputs to the values of the graph around that it reads.
 */
final class BranchGradients {

    private final Emitter e;
    private final BiFunction<Graph, List<String>, Gradients> differentiated;
    private final Graph around;
    private final Node node;
    private final Map<Integer, String> arriving;
    private final List<String> by;

    /**
     * Starts with one application.
     *
     * @param differentiated differentiates the first output of a graph by some of its values
     * @param around the graph that the node is part of
     * @param arriving gradients by outputs of the node, by slot
     * @param by the values that it is differentiated by
     */
    BranchGradients(
            Emitter e,
            BiFunction<Graph, List<String>, Gradients> differentiated,
            Graph around,
            Node node,
            Map<Integer, String> arriving,
            List<String> by) {
        this.e = e;
        this.differentiated = differentiated;
        this.around = around;
        this.node = node;
        this.arriving = arriving;
        this.by = by;
    }

    /** Adds the node that computes the gradients; names them by the values they belong to. */
    Map<String, String> add() {
        Map<String, Attribute> branches = new LinkedHashMap<>();
        node.attributes().forEach((name, attribute) -> {
            if (attribute instanceof Attribute.Body body) {
                branches.put(name, new Attribute.Body(gradient(body.graph())));
            }
        });
        Map<String, String> gradients = new LinkedHashMap<>();
        by.forEach(value -> gradients.put(value, e.fresh(node.id())));
        e.add(new Node(node.domain(), node.operator(), node.inputs(), List.copyOf(gradients.values()), branches));
        return gradients;
    }

    private Graph gradient(Graph branch) {
        Gradients found = differentiated.apply(stated(branch), by);
        // A body cannot return what it has not made itself.
        FreshNames names = FreshNames.of(found.graph());
        List<Node> nodes = new ArrayList<>(found.graph().nodes());
        List<String> returned = new ArrayList<>();
        for (String value : by) {
            String own = names.fresh("gradient");
            nodes.add(Node.of("Identity", List.of(found.byValue().get(value)), List.of(own), Map.of()));
            returned.add(own);
        }
        Graph whole = Subgraph.of(found.graph().withNodes(nodes), returned);
        Graph body = new Graph(branch.name(), Map.of(), returned, whole.nodes(), whole.constants(), Map.of());
        return BodyCopy.of(e, body, around.constants().keySet());
    }

    /** A branch as a graph of its own, whose inputs are values of the graph around, and which returns a sum with the arriving gradients. */
    private Graph stated(Graph branch) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        Map<String, Tensor> constants = new LinkedHashMap<>(branch.constants());
        for (String value : outer(branch)) {
            Tensor constant = around.constants().get(value);
            if (constant == null) {
                inputs.put(value, type(value));
            } else {
                constants.put(value, constant);
            }
        }
        List<Node> nodes = new ArrayList<>(branch.nodes());
        List<String> sums = new ArrayList<>();
        arriving.forEach((slot, gradient) -> {
            String output = branch.outputs().get(slot);
            inputs.put(gradient, type(output));
            String product = e.fresh("product");
            sums.add(e.fresh("sum"));
            nodes.add(Node.of("Mul", List.of(output, gradient), List.of(product), Map.of()));
            nodes.add(Node.of(
                    "ReduceSum",
                    List.of(product),
                    List.of(sums.get(sums.size() - 1)),
                    Map.of("keepdims", new Attribute.Int(0))));
        });
        String loss = e.fresh("loss");
        nodes.add(Node.of("Sum", sums, List.of(loss), Map.of()));
        return new Graph(branch.name(), inputs, List.of(loss), nodes, constants, branch.declared());
    }

    /** What a branch reads of the graph around, and what is differentiated by. */
    private Set<String> outer(Graph branch) {
        Set<String> read = new LinkedHashSet<>(by);
        Node alone = node.withAttribute("then_branch", new Attribute.Body(branch))
                .withAttribute("else_branch", new Attribute.Body(branch));
        read.addAll(alone.reads());
        remove(branch, read);
        return read;
    }

    private static void remove(Graph branch, Set<String> names) {
        names.removeAll(branch.inputs().keySet());
        names.removeAll(branch.constants().keySet());
        for (Node each : branch.nodes()) {
            names.removeAll(each.outputs());
            each.bodies().forEach(body -> remove(body, names));
        }
    }

    private ValueType type(String value) {
        return new ValueType(
                e.shapes().type(value).orElse(DataType.FLOAT32),
                e.shapes()
                        .shape(value)
                        .map(shape -> shape.stream()
                                .<Dimension>map(extent -> extent.isConstant()
                                        ? new Dimension.Fixed(extent.constant())
                                        : new Dimension.Symbol(extent.toString()))
                                .toList()));
    }
}
