package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators that work element by element, with broadcasting. */
final class ElementwiseRules {

    private ElementwiseRules() {}

    static void register(RuleTable table) {
        table.add(
                1,
                ElementwiseRules::unary,
                "Abs",
                "Ceil",
                "Exp",
                "Floor",
                "Identity",
                "Log",
                "Neg",
                "Not",
                "Reciprocal",
                "Relu",
                "Round",
                "Sign",
                "Sqrt");
        table.add(
                1,
                ElementwiseRules::sameShape,
                "Acos",
                "Acosh",
                "Asin",
                "Asinh",
                "Atan",
                "Atanh",
                "BitwiseNot",
                "Celu",
                "Cos",
                "Cosh",
                "Elu",
                "Erf",
                "Gelu",
                "HardSigmoid",
                "HardSwish",
                "Hardmax",
                "LeakyRelu",
                "LogSoftmax",
                "Mish",
                "PRelu",
                "Selu",
                "Shrink",
                "Sigmoid",
                "Sin",
                "Sinh",
                "Softmax",
                "Softplus",
                "Softsign",
                "Swish",
                "Tan",
                "Tanh",
                "ThresholdedRelu",
                "CumSum",
                "CumProd",
                "Trilu");
        table.add(
                1,
                ElementwiseRules::sameShape,
                "com.microsoft.Gelu",
                "com.microsoft.FastGelu",
                "com.microsoft.BiasGelu",
                "com.microsoft.QuickGelu",
                "com.microsoft.Trilu",
                "com.microsoft.BiasSoftmax");
        table.add(1, ElementwiseRules::predicate, "IsNaN", "IsInf");
        table.add(1, ElementwiseRules::clip, "Clip");
        table.add(
                2,
                ElementwiseRules::binary,
                "Add",
                "Sub",
                "Mul",
                "Div",
                "Mod",
                "Pow",
                "BitShift",
                "BitwiseAnd",
                "BitwiseOr",
                "BitwiseXor");
        table.add(2, ElementwiseRules::comparison, "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual");
        table.add(2, ElementwiseRules::logical, "And", "Or", "Xor");
        table.add(RuleTable.ALL, ElementwiseRules::variadic, "Min", "Max", "Sum", "Mean");
        table.add(3, ElementwiseRules::where, "Where");
        table.add(1, ElementwiseRules::cast, "Cast");
        table.add(1, ElementwiseRules::castLike, "CastLike");
        table.add(1, ElementwiseRules::dropout, "Dropout");
    }

    static void sameShape(NodeScope scope) {
        scope.put(0, scope.shape(0));
    }

    private static void unary(NodeScope scope) {
        String operator = scope.node().operator();
        Optional<DataType> type = scope.type(0);
        Optional<Content> content =
                scope.content(0).map(found -> found.map(a -> ElementArithmetic.unary(operator, type, a)));
        scope.put(0, type, scope.shape(0), content);
        if (operator.equals("Identity")) {
            scope.count(scope.progression(0));
        }
    }

    private static void predicate(NodeScope scope) {
        scope.put(0, DataType.BOOL, scope.shape(0));
    }

    private static void clip(NodeScope scope) {
        Optional<Content> content = scope.content(0)
                .flatMap(found -> limited(scope, found, 1, "Max"))
                .flatMap(found -> limited(scope, found, 2, "Min"));
        scope.put(0, scope.type(0), scope.shape(0), content);
    }

    private static Optional<Content> limited(NodeScope scope, Content content, int slot, String operator) {
        if (!scope.has(slot)) {
            return Optional.of(content);
        }
        return scope.content(slot)
                .filter(limit -> limit.size() == 1)
                .flatMap(limit -> limit.elements().get(0))
                .map(limit -> content.map(a -> ElementArithmetic.binary(operator, scope.type(0), a, limit)));
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
        Optional<Content> content = operands(scope, shape, 3).map(ElementwiseRules::choose);
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

    private static void cast(NodeScope scope) {
        Optional<DataType> target = OnnxTypes.of(scope.node().intAttribute("to", 0));
        castTo(scope, target);
    }

    private static void castLike(NodeScope scope) {
        castTo(scope, scope.type(1));
    }

    private static void castTo(NodeScope scope, Optional<DataType> target) {
        Optional<Content> content =
                target.flatMap(type -> scope.content(0).map(found -> found.map(ElementArithmetic.casting(type))));
        scope.put(0, target, scope.shape(0), content);
        scope.count(scope.progression(0).filter(counted -> target.equals(Optional.of(DataType.INT64))));
    }

    private static void dropout(NodeScope scope) {
        scope.put(0, scope.shape(0));
        scope.put(1, DataType.BOOL, scope.shape(0));
    }
}
