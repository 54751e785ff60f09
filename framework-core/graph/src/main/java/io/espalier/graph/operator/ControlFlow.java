package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.CONDITION;
import static io.espalier.spi.operator.SlotRole.SHAPE;

import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.shape.Value;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Operators with bodies, and the links of a flat graph, which carry values into bodies and out of them. All turns of a loop are one:
 * what is removed from a state is removed from its first value, from what a turn returns and from the last value.
 */
final class ControlFlow {

    private ControlFlow() {}

    static List<Builder> definitions() {
        return List.of(
                define("If")
                        .notation(ControlFlow::link)
                        .shape(0, ControlFlow::branch)
                        .roles(CONDITION)
                        .decomposes(LaidBranches::lay)
                        .traits(Trait.BRANCHES),
                define("Loop")
                        .notation(ControlFlow::link)
                        .shape(0, ControlFlow::loop)
                        .decomposes(UnrolledLoops::loop)
                        .roles(SHAPE, CONDITION),
                define("Scan")
                        .notation(ControlFlow::link)
                        .shape(0, ControlFlow::scan)
                        .decomposes(UnrolledLoops::scan));
    }

    private static Optional<String> link(NodeView view) {
        return ControlFlowEdges.part(view.node()).flatMap(part -> switch (part) {
            case TURN -> turn(view);
            case ENTER -> passing(view, List.of(0));
            case LEAVE -> passing(view, values(view));
            case SLICE -> slice(view);
            case COLLECT -> collect(view);
        });
    }

    /** What takes part of the operands of a link out of a body: the condition only has to be there. */
    private static List<Integer> values(NodeView view) {
        boolean branches = view.node().operator().equals("If");
        int count = view.node().inputs().size();
        return branches
                ? IntStream.range(1, count).boxed().toList()
                : IntStream.range(0, Math.min(count, 2)).boxed().toList();
    }

    private static Optional<String> turn(NodeView view) {
        return view.outputShape(0)
                .flatMap(number -> view.outputShape(1)
                        .map(condition -> "_ _ -> " + operand("i", letters("~i", number.size())) + " "
                                + operand("c", letters("~c", condition.size()))));
    }

    /** Axes whose extent is the same everywhere pass; nothing goes along the others. */
    private static Optional<String> passing(NodeView view, List<Integer> slots) {
        List<List<Dim>> shapes = new ArrayList<>();
        slots.forEach(slot -> view.shape(slot).ifPresent(shapes::add));
        view.outputShape(0).ifPresent(shapes::add);
        int rank = shapes.isEmpty() ? 0 : shapes.get(0).size();
        if (shapes.size() < slots.size() || shapes.stream().anyMatch(shape -> shape.size() != rank)) {
            return Optional.empty();
        }
        List<String> operands = new ArrayList<>();
        for (int slot = 0; slot < view.node().inputs().size(); slot++) {
            operands.add(slots.contains(slot) ? operand("x", axes(shapes, "#p" + slot + "_")) : "_");
        }
        return Optional.of(String.join(" ", operands) + " -> " + operand("y", axes(shapes, "~q")));
    }

    private static List<String> axes(List<List<Dim>> shapes, String differing) {
        List<String> axes = new ArrayList<>();
        for (int axis = 0; axis < shapes.get(0).size(); axis++) {
            int place = axis;
            boolean same =
                    shapes.stream().map(shape -> shape.get(place)).distinct().count() == 1;
            axes.add((same ? "a" : differing) + axis);
        }
        return axes;
    }

    private static Optional<String> slice(NodeView view) {
        int rank = view.rank(0);
        if (rank < 1) {
            return Optional.empty();
        }
        List<String> slice = letters("a", rank - 1);
        List<String> sequence = new ArrayList<>(slice);
        sequence.add(view.axis("axis", 0, rank), "#t");
        return Optional.of(operand("x", sequence) + " -> " + operand("y", slice));
    }

    private static Optional<String> collect(NodeView view) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        List<String> slice = letters("a", rank);
        List<String> sequence = new ArrayList<>(slice);
        sequence.add(view.axis("axis", 0, rank + 1), "~t");
        return Optional.of(operand("x", slice) + " _ -> " + operand("y", sequence));
    }

    private static Graph body(NodeScope scope, String name) {
        if (scope.node().attributes().get(name) instanceof Attribute.Body body) {
            return body.graph();
        }
        throw scope.conflict("the sub-graph " + name + " is missing");
    }

    private static void branch(NodeScope scope) {
        List<Value> yes = scope.body(body(scope, "then_branch"), List.of());
        List<Value> no = scope.body(body(scope, "else_branch"), List.of());
        Optional<Boolean> taken = scope.content(0)
                .filter(content -> content.size() == 1)
                .flatMap(content -> content.elements().get(0))
                .flatMap(ElementArithmetic::truth);
        for (int slot = 0; slot < Math.min(yes.size(), no.size()); slot++) {
            Value first = yes.get(slot);
            Value second = no.get(slot);
            int target = slot;
            scope.put(
                    slot,
                    taken.map(holds -> holds ? first : second).orElseGet(() -> merged(scope, target, first, second)));
        }
    }

    private static Value merged(NodeScope scope, int slot, Value first, Value second) {
        Optional<List<Dim>> shape = first.shape()
                .flatMap(a -> second.shape().flatMap(b -> {
                    if (a.size() != b.size()) {
                        return Optional.empty();
                    }
                    List<Dim> dims = new ArrayList<>();
                    for (int axis = 0; axis < a.size(); axis++) {
                        dims.add(a.get(axis).equals(b.get(axis)) ? a.get(axis) : scope.fresh(slot, axis));
                    }
                    return Optional.of(dims);
                }));
        Optional<Content> content = first.mayHaveContent() && second.mayHaveContent()
                ? first.content().filter(found -> second.content().equals(Optional.of(found)))
                : Optional.empty();
        return Value.of(first.type().or(second::type), shape, content);
    }

    private static void loop(NodeScope scope) {
        Graph body = body(scope, "body");
        int carriedCount = Math.max(0, scope.node().inputs().size() - 2);
        List<Value> fixed = List.of(scalar(DataType.INT64), scalar(DataType.BOOL));
        List<Value> carried = new ArrayList<>();
        for (int slot = 0; slot < carriedCount; slot++) {
            carried.add(scope.value(slot + 2).withoutContent());
        }
        List<Value> results = Carried.settle(scope, body, fixed, carried, List.of(), 1);
        if (results.size() < carriedCount + 1) {
            throw scope.conflict("the body returns too few values");
        }
        putCarried(scope, carried);
        Optional<Dim> trips =
                endless(scope, results.get(0)) ? scope.integer(0, 0).filter(count -> scope.has(0)) : Optional.empty();
        for (int slot = carriedCount; slot < scope.node().outputs().size(); slot++) {
            Value scanned = slot + 1 < results.size() ? results.get(slot + 1) : Value.unknown();
            putScanned(scope, slot, scanned, 0, trips.orElse(scope.fresh(slot, 0)));
        }
    }

    /** Whether nothing but the trip count can end the loop. */
    private static boolean endless(NodeScope scope, Value condition) {
        return (!scope.has(1) || alwaysTrue(scope.value(1))) && alwaysTrue(condition);
    }

    private static boolean alwaysTrue(Value condition) {
        return condition
                .content()
                .filter(content -> content.size() == 1)
                .flatMap(content -> content.elements().get(0))
                .flatMap(ElementArithmetic::truth)
                .orElse(false);
    }

    private static Value scalar(DataType type) {
        return Value.of(Optional.of(type), Optional.of(List.of()), Optional.empty());
    }

    private static void putCarried(NodeScope scope, List<Value> carried) {
        for (int slot = 0; slot < carried.size(); slot++) {
            scope.put(slot, carried.get(slot));
        }
    }

    private static void putScanned(NodeScope scope, int slot, Value element, long axis, Dim length) {
        if (element.shape().isEmpty()) {
            return;
        }
        List<Dim> shape = new ArrayList<>(element.shape().get());
        shape.add(scope.position(axis, shape.size() + 1), length);
        scope.put(slot, element.type(), shape);
    }

    private static void scan(NodeScope scope) {
        Graph body = body(scope, "body");
        int scanned = (int) scope.node().intAttribute("num_scan_inputs", 0);
        int states = scope.node().inputs().size() - scanned;
        if (scanned < 1 || states < 0) {
            throw scope.conflict("num_scan_inputs does not fit the inputs");
        }
        List<Value> carried = new ArrayList<>();
        for (int slot = 0; slot < states; slot++) {
            carried.add(scope.value(slot).withoutContent());
        }
        Dim length = scope.fresh(0, 0);
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < scanned; i++) {
            Value input = scope.value(states + i);
            if (input.shape().isEmpty()) {
                elements.add(Value.unknown());
                continue;
            }
            List<Dim> shape = new ArrayList<>(input.shape().get());
            length = shape.remove(scope.position(axis(scope, "scan_input_axes", i), shape.size()));
            elements.add(Value.of(input.type(), Optional.of(shape), Optional.empty()));
        }
        List<Value> results = Carried.settle(scope, body, List.of(), carried, elements, 0);
        putCarried(scope, carried);
        for (int slot = states;
                slot < Math.min(results.size(), scope.node().outputs().size());
                slot++) {
            putScanned(scope, slot, results.get(slot), axis(scope, "scan_output_axes", slot - states), length);
        }
    }

    private static long axis(NodeScope scope, String attribute, int index) {
        return scope.node()
                .intsAttribute(attribute)
                .filter(axes -> index < axes.size())
                .map(axes -> axes.get(index))
                .orElse(0L);
    }
}
