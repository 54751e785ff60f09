package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.BIAS;
import static io.espalier.spi.operator.SlotRole.CONDITION;
import static io.espalier.spi.operator.SlotRole.DATA;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.shape.Progression;
import io.espalier.graph.shape.ShapeRule;
import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators that combine their operands element by element, with broadcasting. */
public final class Broadcasting {

    private Broadcasting() {}

    static List<Builder> definitions() {
        return List.of(
                arithmetic("Add").traits(Trait.ADDS).gradient(BroadcastingGradients::add),
                arithmetic("Sub").traits(Trait.SUBTRACTS).gradient(BroadcastingGradients::subtract),
                arithmetic("Mul").traits(Trait.MULTIPLIES).gradient(BroadcastingGradients::multiply),
                arithmetic("Div").traits(Trait.DIVIDES).gradient(BroadcastingGradients::divide),
                arithmetic("Mod").gradient(BroadcastingGradients::modulo),
                arithmetic("Pow").gradient(BroadcastingGradients::power),
                arithmetic("BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor"),
                broadcasting("Equal").traits(Trait.COMPARES).shape(2, Broadcasting::comparison),
                broadcasting("Greater", "GreaterOrEqual", "Less", "LessOrEqual")
                        .traits(Trait.COMPARES)
                        .decides(2)
                        .shape(2, Broadcasting::comparison),
                broadcasting("And", "Or", "Xor").traits(Trait.LOGICAL).shape(2, Broadcasting::logical),
                variadic("Min", "Max").gradient(BroadcastingGradients::extreme),
                variadic("Sum").traits(Trait.ADDS_ALL).gradient(BroadcastingGradients::sum),
                variadic("Mean").gradient(BroadcastingGradients::mean),
                broadcasting("Where")
                        .roles(CONDITION)
                        .traits(Trait.CHOOSES)
                        .shape(3, Broadcasting::where)
                        .gradient(BroadcastingGradients::where),
                broadcasting("PRelu").sameShape().gradient(BroadcastingGradients::prelu),
                broadcasting("com.microsoft.BiasGelu", "com.microsoft.FastGelu")
                        .roles(DATA, BIAS)
                        .sameShape()
                        .decomposes(BroadcastingGradients::biasGelu));
    }

    private static Builder broadcasting(String... operators) {
        return define(operators).notation(view -> Optional.of(notation(view))).traits(Trait.ELEMENT_WISE);
    }

    private static Builder arithmetic(String... operators) {
        return broadcasting(operators).shape(2, Broadcasting::binary);
    }

    private static Builder variadic(String... operators) {
        return broadcasting(operators).shape(ShapeRule.ALL, Broadcasting::variadic);
    }

    private static String notation(NodeView view) {
        List<String> operands = new ArrayList<>();
        view.node().inputs().forEach(input -> operands.add("x[...]"));
        return String.join(" ", operands) + " -> y[...]";
    }

    private static void binary(NodeScope scope) {
        boolean truncated = scope.node().intAttribute("fmod", 0) == 1;
        combine(scope, truncated ? "Fmod" : scope.node().operator(), scope.type(0));
        boolean counts =
                scope.progression(0).isPresent() || scope.progression(1).isPresent();
        if (counts && scope.node().operator().equals("Add")) {
            scope.count(expanded(scope, 0).flatMap(left -> expanded(scope, 1).flatMap(left::plus)));
        }
        if (counts && scope.node().operator().equals("Mul")) {
            scope.count(scaled(scope, 0, 1).or(() -> scaled(scope, 1, 0)));
        }
    }

    private static Optional<Progression> expanded(NodeScope scope, int slot) {
        List<Dim> sum = scope.output(0).shape().orElseThrow();
        return scope.value(slot).numbers().flatMap(counted -> counted.expanded(scope.shape(slot), sum));
    }

    private static Optional<Progression> scaled(NodeScope scope, int slot, int factor) {
        List<Dim> product = scope.output(0).shape().orElseThrow();
        return scope.progression(slot)
                .flatMap(counted -> counted.expanded(scope.shape(slot), product))
                .flatMap(counted -> scope.longs(factor)
                        .filter(elements -> elements.size() == 1)
                        .map(elements -> counted.times(elements.get(0))));
    }

    private static void comparison(NodeScope scope) {
        combine(scope, scope.node().operator(), Optional.of(DataType.BOOL));
    }

    private static void combine(NodeScope scope, String operator, Optional<DataType> result) {
        Optional<DataType> type = scope.type(0);
        List<Dim> shape = Broadcast.of(scope, List.of(scope.shape(0), scope.shape(1)));
        Optional<Content> content = operands(scope, shape, 2)
                .map(all -> all.get(0)
                        .zip(
                                all.get(1),
                                (a, b) -> a.flatMap(
                                        x -> b.flatMap(y -> ElementArithmetic.binary(operator, type, x, y)))));
        scope.put(0, result, shape, content);
    }

    private static void logical(NodeScope scope) {
        String operator = scope.node().operator();
        List<Dim> shape = Broadcast.of(scope, List.of(scope.shape(0), scope.shape(1)));
        Optional<Content> content = operands(scope, shape, 2)
                .map(all -> all.get(0).zip(all.get(1), (a, b) -> ElementArithmetic.logical(operator, a, b)));
        scope.put(0, Optional.of(DataType.BOOL), shape, content);
    }

    private static void variadic(NodeScope scope) {
        String operator = scope.node().operator();
        Optional<DataType> type = scope.type(0);
        int count = scope.node().inputs().size();
        List<List<Dim>> shapes = new ArrayList<>();
        for (int slot = 0; slot < count; slot++) {
            shapes.add(scope.shape(slot));
        }
        List<Dim> shape = Broadcast.of(scope, shapes);
        Optional<Content> content = operands(scope, shape, count)
                .flatMap(all -> all.stream()
                        .reduce((left, right) -> left.zip(
                                right,
                                (a, b) -> a.flatMap(
                                        x -> b.flatMap(y -> ElementArithmetic.binary(operator, type, x, y))))));
        scope.put(0, type, shape, content);
    }

    private static void where(NodeScope scope) {
        List<Dim> shape = Broadcast.of(scope, List.of(scope.shape(0), scope.shape(1), scope.shape(2)));
        Optional<Content> content = operands(scope, shape, 3).map(Broadcasting::choose);
        scope.put(0, scope.type(1).or(() -> scope.type(2)), shape, content);
    }

    private static Content choose(List<Content> operands) {
        List<Optional<Fraction>> chosen = new ArrayList<>();
        for (int i = 0; i < operands.get(0).size(); i++) {
            Optional<Fraction> yes = operands.get(1).elements().get(i);
            Optional<Fraction> no = operands.get(2).elements().get(i);
            Optional<Boolean> condition = operands.get(0).elements().get(i).flatMap(ElementArithmetic::truth);
            Optional<Fraction> undecided = yes.equals(no) ? yes : Optional.empty();
            chosen.add(condition.map(holds -> holds ? yes : no).orElse(undecided));
        }
        return new Content(operands.get(0).shape(), chosen);
    }

    /** The contents of the first operands broadcast to a shape, when they and the shape are small and known. */
    private static Optional<List<Content>> operands(NodeScope scope, List<Dim> shape, int count) {
        Optional<List<Long>> target = Content.smallShape(shape);
        for (int slot = 0; slot < count; slot++) {
            if (!scope.value(slot).mayHaveContent()) {
                return Optional.empty();
            }
        }
        List<Content> contents = new ArrayList<>(count);
        for (int slot = 0; slot < count && target.isPresent(); slot++) {
            Optional<Content> content = scope.content(slot);
            if (content.isEmpty()) {
                return Optional.empty();
            }
            contents.add(content.get().broadcast(target.get()));
        }
        return target.map(small -> contents);
    }
}
