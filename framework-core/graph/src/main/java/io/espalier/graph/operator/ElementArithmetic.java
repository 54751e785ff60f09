package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.tensor.DataType;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;

/** What operators do to single elements of shape arithmetic. */
final class ElementArithmetic {

    private static final Map<String, DoubleBinaryOperator> REAL = Map.of(
            "Add", Double::sum,
            "Sub", (a, b) -> a - b,
            "Mul", (a, b) -> a * b,
            "Div", (a, b) -> a / b,
            "Pow", Math::pow);

    private static final Map<String, BiFunction<Fraction, Fraction, Optional<Boolean>>> COMPARISONS = Map.of(
            "Equal", Fraction::sameAs,
            "Less", Fraction::lessThan,
            "Greater", (a, b) -> b.lessThan(a),
            "LessOrEqual", (a, b) -> b.lessThan(a).map(greater -> !greater),
            "GreaterOrEqual", (a, b) -> a.lessThan(b).map(less -> !less));

    private ElementArithmetic() {}

    /** The element an operator makes of two elements; empty when it is not known. */
    static Optional<Fraction> binary(String operator, Optional<DataType> type, Fraction a, Fraction b) {
        return within64Bits(() -> {
            if (COMPARISONS.containsKey(operator)) {
                return COMPARISONS.get(operator).apply(a, b).map(Fraction::of);
            }
            boolean floating = type.filter(DataType::isFloating).isPresent();
            if (floating && a.isConstant() && b.isConstant() && REAL.containsKey(operator)) {
                return Fraction.of(REAL.get(operator).applyAsDouble(a.toDouble(), b.toDouble()), single(type));
            }
            return symbolic(operator, floating, a, b);
        });
    }

    private static Optional<Fraction> symbolic(String operator, boolean floating, Fraction a, Fraction b) {
        return switch (operator) {
            case "Add", "Sum" -> Optional.of(a.plus(b));
            case "Sub" -> Optional.of(a.minus(b));
            case "Mul" -> Optional.of(a.times(b));
            case "Div" -> floating ? a.dividedBy(b) : a.dividedBy(b).map(Fraction::truncate);
            case "Fmod" -> a.dividedBy(b).map(quotient -> a.minus(b.times(quotient.truncate())));
            case "Mod" -> b.numerator().is(0) ? Optional.empty() : Optional.of(modulo(a, b));
            case "Pow" ->
                b.isInteger() && b.isConstant() ? power(a, b.numerator().constant()) : Optional.empty();
            case "Min" -> Optional.of(a.min(b));
            case "Max" -> Optional.of(a.max(b));
            default -> Optional.empty();
        };
    }

    /** The element a logical operator makes; one side may be unknown when the other one decides. */
    static Optional<Fraction> logical(String operator, Optional<Fraction> a, Optional<Fraction> b) {
        Optional<Boolean> left = a.flatMap(ElementArithmetic::truth);
        Optional<Boolean> right = b.flatMap(ElementArithmetic::truth);
        if (operator.equals("Xor")) {
            return left.flatMap(x -> right.map(y -> Fraction.of(x ^ y)));
        }
        boolean decisive = operator.equals("Or");
        if (left.equals(Optional.of(decisive)) || right.equals(Optional.of(decisive))) {
            return Optional.of(Fraction.of(decisive));
        }
        return left.isPresent() && right.isPresent() ? Optional.of(Fraction.of(!decisive)) : Optional.empty();
    }

    /** Whether an element counts as true; empty when that depends on symbols. */
    static Optional<Boolean> truth(Fraction value) {
        return value.sameAs(Fraction.of(0)).map(zero -> !zero);
    }

    /** The element in another type. */
    static Optional<Fraction> cast(Fraction value, DataType target) {
        if (target == DataType.BOOL) {
            return truth(value).map(Fraction::of);
        }
        if (!target.isFloating()) {
            return within64Bits(() -> Optional.of(value.isInteger() ? value : value.truncate()));
        }
        return value.isConstant() ? Fraction.of(value.toDouble(), target != DataType.FLOAT64) : Optional.of(value);
    }

    /** Elements beyond 64 bits are no extents: nothing is known of them. */
    static Optional<Fraction> within64Bits(Supplier<Optional<Fraction>> computation) {
        try {
            return computation.get();
        } catch (ArithmeticException overflow) {
            return Optional.empty();
        }
    }

    static Function<Fraction, Optional<Fraction>> casting(DataType target) {
        return value -> cast(value, target);
    }

    private static Fraction modulo(Fraction a, Fraction b) {
        return a.minus(b.times(new Fraction(
                a.numerator().times(b.denominator()).floorDiv(b.numerator().times(a.denominator())), Dim.ONE)));
    }

    private static Optional<Fraction> power(Fraction base, long exponent) {
        if (exponent < 0 || exponent > 62) {
            return Optional.empty();
        }
        Fraction power = Fraction.of(1);
        for (int i = 0; i < exponent; i++) {
            power = power.times(base);
        }
        return Optional.of(power);
    }

    static boolean single(Optional<DataType> type) {
        return type.filter(found -> found == DataType.FLOAT64).isEmpty();
    }
}
