package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.SETTING;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** Operators that compute each element of the output from one element of the input. */
public final class Elementwise {

    private Elementwise() {}

    private static final String SAME = "x[...] -> y[...]";

    /** What an operator makes of one element of shape arithmetic; empty when it is not known. */
    @FunctionalInterface
    private interface ElementFunction {
        Optional<Fraction> of(Optional<DataType> type, Fraction element);
    }

    static List<Builder> definitions() {
        List<Builder> all = new ArrayList<>(List.of(
                followed("Neg", (type, a) -> Optional.of(a.negate())).gradient(Activations.NEGATION),
                followed("Abs", (type, a) -> Optional.of(a.max(a.negate()))).gradient(Activations.MAGNITUDE),
                followed("Relu", (type, a) -> Optional.of(a.max(Fraction.of(0))))
                        .gradient(Activations.RELU),
                followed("Reciprocal", (type, a) -> Fraction.of(1).dividedBy(a)).gradient(Activations.RECIPROCAL),
                followed("Floor", (type, a) -> Optional.of(a.floor()))
                        .decides(1)
                        .gradient(GradientRule.NONE),
                followed("Ceil", (type, a) -> Optional.of(a.ceil())).decides(1).gradient(GradientRule.NONE),
                followed("Round", real(Math::rint)).decides(1).gradient(GradientRule.NONE),
                followed("Sqrt", real(Math::sqrt)).gradient(Activations.ROOT),
                followed("Exp", real(Math::exp)).gradient(Activations.EXPONENTIAL),
                followed("Log", real(Math::log)).gradient(Activations.LOGARITHM),
                followed("Sign", real(Math::signum)).gradient(GradientRule.NONE),
                followed("Not", (type, a) -> ElementArithmetic.truth(a).map(value -> Fraction.of(!value)))
                        .traits(Trait.LOGICAL),
                elementwise("Identity")
                        .traits(Trait.IDENTITY)
                        .shape(1, Elementwise::identity)
                        .gradient(Activations.IDENTITY),
                elementwise("Sigmoid").traits(Trait.BOUNDED).gradient(Activations.SIGMOID),
                elementwise("HardSigmoid").traits(Trait.BOUNDED).gradient(Activations::hardSigmoid),
                elementwise("Tanh").traits(Trait.BOUNDED).gradient(Activations.TANH),
                elementwise(Nodes.ERROR_FUNCTION).traits(Trait.BOUNDED).gradient(Activations.ERROR_FUNCTION),
                elementwise("IsNaN", "IsInf").shape(1, Elementwise::predicate),
                elementwise("Cast")
                        .traits(Trait.CASTS)
                        .shape(1, Elementwise::cast)
                        .gradient(Activations::cast),
                elementwise("CastLike")
                        .notation("x[...] type[*k] -> y[...]")
                        .traits(Trait.CASTS)
                        .shape(1, Elementwise::castLike)
                        .gradient(Activations::cast),
                elementwise("Clip")
                        .notation("x[...] _ _ -> y[...]")
                        .roles(DATA, SETTING, SETTING)
                        .shape(1, Elementwise::clip)
                        .gradient(Activations::clip),
                elementwise(Dropout.NAME)
                        .notation(Dropout::notation)
                        .draws(Dropout::isTraining, (view, random) -> 2 * random.nextInt(2))
                        .roles(DATA, SETTING, SETTING)
                        .shape(1, Dropout::shape)
                        .gradient(Dropout::gradient)));
        smooth(all);
        activations(all);
        all.add(elementwise("BitwiseNot"));
        return all;
    }

    private static void smooth(List<Builder> all) {
        all.add(elementwise("Acos").gradient(Activations.ARC_COSINE));
        all.add(elementwise("Acosh").gradient(Activations.AREA_COSINE));
        all.add(elementwise("Asin").gradient(Activations.ARC_SINE));
        all.add(elementwise("Asinh").gradient(Activations.AREA_SINE));
        all.add(elementwise("Atan").gradient(Activations.ARC_TANGENT));
        all.add(elementwise("Atanh").gradient(Activations.AREA_TANGENT));
        all.add(elementwise("Cos").gradient(Activations.COSINE));
        all.add(elementwise("Cosh").gradient(Activations.HYPERBOLIC_COSINE));
        all.add(elementwise("Sin").gradient(Activations.SINE));
        all.add(elementwise("Sinh").gradient(Activations.HYPERBOLIC_SINE));
        all.add(elementwise("Tan").gradient(Activations.TANGENT));
    }

    private static void activations(List<Builder> all) {
        all.add(elementwise("Celu").gradient(Activations::celu));
        all.add(elementwise("Elu").gradient(Activations::elu));
        all.add(elementwise("Gelu", "com.microsoft.Gelu").gradient(Activations::gelu));
        all.add(elementwise("HardSwish").gradient(Activations::hardSwish));
        all.add(elementwise("LeakyRelu").gradient(Activations::leakyRelu));
        all.add(elementwise("Mish").gradient(Activations::mish));
        all.add(elementwise("Selu").gradient(Activations::selu));
        all.add(elementwise("Shrink").gradient(Activations::shrink));
        all.add(elementwise("Softplus").gradient(Activations.SOFTPLUS));
        all.add(elementwise("Softsign").gradient(Activations.SOFTSIGN));
        all.add(elementwise("Swish", "com.microsoft.QuickGelu").gradient(Activations::swish));
        all.add(elementwise("ThresholdedRelu").gradient(Activations::thresholdedRelu));
    }

    private static Builder elementwise(String... operators) {
        return define(operators).notation(SAME).traits(Trait.ELEMENT_WISE).sameShape();
    }

    /** An operator that is followed element by element where extents are computed. */
    private static Builder followed(String operator, ElementFunction function) {
        return elementwise(operator).shape(1, scope -> unary(scope, function));
    }

    /** A function of real numbers, of which only constants are computed. */
    private static ElementFunction real(DoubleUnaryOperator function) {
        return (type, a) -> a.isConstant()
                ? Fraction.of(function.applyAsDouble(a.toDouble()), ElementArithmetic.single(type))
                : Optional.empty();
    }

    private static void unary(NodeScope scope, ElementFunction function) {
        Optional<DataType> type = scope.type(0);
        Optional<Content> content = scope.content(0)
                .map(found -> found.map(a -> ElementArithmetic.within64Bits(() -> function.of(type, a))));
        scope.put(0, type, scope.shape(0), content);
    }

    private static void identity(NodeScope scope) {
        unary(scope, (type, a) -> Optional.of(a));
        scope.count(scope.progression(0));
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

    private static void cast(NodeScope scope) {
        Optional<DataType> target = DataType.ofOnnxNumber(scope.node().intAttribute("to", 0));
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
}
