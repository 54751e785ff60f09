package io.espalier.graph.shape;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators with sub-graphs. */
final class ControlFlowRules {

    private ControlFlowRules() {}

    static void register(RuleTable table) {
        table.add(0, ControlFlowRules::branch, "If");
        table.add(0, ControlFlowRules::loop, "Loop");
        table.add(0, ControlFlowRules::scan, "Scan");
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
