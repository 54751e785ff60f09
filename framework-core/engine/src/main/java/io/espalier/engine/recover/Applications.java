package io.espalier.engine.recover;

import io.espalier.engine.recover.ConstantUses.Use;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.operator.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds the weights that can be fitted: constants of real numbers that are multiplied with data and used for nothing else. */
final class Applications {

    private final Set<String> varying;
    private final GraphIndex index;
    private final Shapes shapes;
    private final Operators operators;
    private final GraphExecutor executor;
    private final ConstantUses uses;
    private final List<FittableWeight> weights;

    /**
     * Looks into a graph.
     *
     * @param varying values that depend on its inputs
     */
    Applications(Set<String> varying, GraphIndex index, Shapes shapes, Operators operators, GraphExecutor executor) {
        this.varying = varying;
        this.index = index;
        this.shapes = shapes;
        this.operators = operators;
        this.executor = executor;
        this.uses = new ConstantUses(index, varying);
        this.weights = find();
    }

    /** The weights, in the order of the nodes that apply them first. */
    List<FittableWeight> weights() {
        return weights;
    }

    private List<FittableWeight> find() {
        Map<String, List<Application>> byWeight = new LinkedHashMap<>();
        for (Node node : index.graph().nodes()) {
            if (node.reads().stream().anyMatch(varying::contains)) {
                operators
                        .of(node)
                        .flatMap(definition -> of(node, definition))
                        .ifPresent(
                                found -> byWeight.computeIfAbsent(found.weight().constant(), name -> new ArrayList<>())
                                        .add(found));
            }
        }
        return byWeight.values().stream().flatMap(all -> weight(all).stream()).toList();
    }

    /** The weight of all these, when nothing else uses it and each reads the same matrix of it. */
    private Optional<FittableWeight> weight(List<Application> applications) {
        Application first = applications.get(0);
        Set<Use> own = applications.stream()
                .map(each -> new Use(each.node().id(), each.matrix().slot()))
                .collect(Collectors.toSet());
        boolean alone = uses.of(first.weight().constant()).equals(Optional.of(own));
        if (!alone || applications.stream().anyMatch(each -> each != first && !isAlike(each, first))) {
            return Optional.empty();
        }
        boolean sharesBias = applications.size() > 1 && sharesBias(applications);
        return Optional.of(new FittableWeight(
                sharesBias
                        ? applications
                        : applications.stream().map(this::withOwnBias).toList(),
                sharesBias));
    }

    private static boolean isAlike(Application one, Application other) {
        return one.matrix().groups() == other.matrix().groups()
                && one.matrix().inputs() == other.matrix().inputs()
                && one.matrix().outputs() == other.matrix().outputs()
                && Arrays.equals(one.places(), other.places());
    }

    private boolean sharesBias(List<Application> applications) {
        Optional<String> bias = applications.get(0).bias().map(Operand::constant);
        Set<Use> read = new HashSet<>();
        for (Application application : applications) {
            application
                    .biasSlot()
                    .ifPresent(slot -> read.add(new Use(application.node().id(), slot)));
        }
        return bias.isPresent()
                && uses.of(bias.get()).equals(Optional.of(read))
                && applications.stream()
                        .allMatch(each -> each.bias().map(Operand::constant).equals(bias));
    }

    /** A bias that others add too is not changed for one of them. */
    private Application withOwnBias(Application application) {
        boolean own = application.bias().isPresent()
                && uses.isOnly(
                        application.bias().get().constant(),
                        application.node().id(),
                        application.biasSlot().getAsInt());
        return own ? application : application.withoutBias();
    }

    /** Weights that are multiplied with data and cannot be fitted, each with the reason. */
    List<FittedWeight> others() {
        Set<String> fitted = new HashSet<>();
        weights.forEach(weight ->
                weight.applications().forEach(each -> fitted.add(each.node().id())));
        List<FittedWeight> others = new ArrayList<>();
        for (Node node : index.graph().nodes()) {
            if (!fitted.contains(node.id()) && node.reads().stream().anyMatch(varying::contains)) {
                others(node, others);
            }
        }
        return others;
    }

    private void others(Node node, List<FittedWeight> others) {
        inBodies(node, others);
        boolean contracts = contracts(node);
        weights(node)
                .forEach(weight -> others.add(FittedWeight.left(
                        node.id(),
                        weight,
                        contracts
                                ? "something that does not multiply it with data reads it too, or it is computed in a way that cannot be undone"
                                : "its operator does more than multiply it with data")));
    }

    private void inBodies(Node node, List<FittedWeight> others) {
        for (Graph body : node.bodies()) {
            for (Node inner : body.nodes()) {
                weights(inner)
                        .forEach(weight -> others.add(FittedWeight.left(node.id(), weight, "it is applied in a body")));
                inBodies(inner, others);
            }
        }
    }

    /** The constants of two axes or more that a node reads and multiplies data with. */
    private List<String> weights(Node node) {
        Optional<OperatorDefinition> definition = operators.of(node);
        NodeView view = new NodeView(node, shapes);
        if (definition.isEmpty() || definition.get().macs(view).isEmpty()) {
            return List.of();
        }
        return node.inputs().stream()
                .filter(value -> !value.isEmpty() && !varying.contains(value))
                .map(index::origin)
                .filter(value -> Optional.ofNullable(index.constants().get(value))
                        .map(constant -> constant.shape().size() > 1)
                        .orElse(index.producer(value).isPresent()))
                .toList();
    }

    private boolean contracts(Node node) {
        return operators
                .of(node)
                .filter(definition -> contracts(definition, new NodeView(node, shapes)))
                .isPresent();
    }

    /** What a cell with a state gives at one step depends on the steps before: it is no sum of products. */
    private static boolean contracts(OperatorDefinition definition, NodeView view) {
        return definition.contracts(view) && !definition.is(Trait.ORDERED);
    }

    private Optional<Application> of(Node node, OperatorDefinition definition) {
        NodeView view = new NodeView(node, shapes);
        for (int slot = 0; slot < node.inputs().size() && contracts(definition, view); slot++) {
            Optional<Operand> weight = operand(node, slot);
            if (weight.isPresent()) {
                Optional<WeightMatrix> matrix = WeightMatrix.of(
                                definition, view, slot, weight.get().shape())
                        .filter(found -> varying.contains(node.inputs().get(found.dataSlot())));
                if (matrix.isPresent()) {
                    return Optional.of(of(matrix.get(), weight.get(), definition, view));
                }
            }
        }
        return Optional.empty();
    }

    private Application of(WeightMatrix matrix, Operand weight, OperatorDefinition definition, NodeView view) {
        Node node = view.node();
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            if (definition.role(view, slot) == SlotRole.BIAS && node.input(slot).isPresent()) {
                Optional<Operand> bias = operand(node, slot)
                        .filter(operand -> operand.shape().equals(List.of((long) matrix.groups() * matrix.outputs())));
                return new Application(matrix, weight, OptionalInt.of(slot), bias, Optional.empty(), Optional.empty());
            }
        }
        Optional<Shift> shift = Shift.behind(matrix, index, shapes, operators, this::plain);
        Optional<AddedBias> addable =
                shift.isPresent() ? Optional.empty() : AddedBias.of(matrix, weight.type(), definition, view);
        return new Application(matrix, weight, OptionalInt.empty(), Optional.empty(), shift, addable);
    }

    /** What a slot reads of a constant that is read by nodes which contract, and by nothing else. */
    private Optional<Operand> operand(Node node, int slot) {
        return behind(
                node,
                slot,
                constant -> uses.of(constant)
                        .filter(all -> all.stream()
                                .allMatch(
                                        use -> contracts(index.node(use.node()).orElseThrow())))
                        .isPresent());
    }

    private Optional<String> plain(Node node, int slot) {
        return behind(node, slot, constant -> uses.isOnly(constant, node.id(), slot))
                .filter(operand -> operand.moved().isEmpty())
                .map(Operand::constant);
    }

    private Optional<Operand> behind(Node node, int slot, Predicate<String> changeable) {
        return node.input(slot)
                .filter(value -> !varying.contains(value))
                .flatMap(value -> Operand.behind(value, index, executor, changeable));
    }
}
