package io.espalier.graph.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DimTest {

    private static final Dim A = Dim.symbol("a");
    private static final Dim B = Dim.symbol("b");
    private static final Dim H = Dim.symbol("h");

    /** An expression with the plain arithmetic it stands for. */
    private record Twin(Dim dim, ToLongFunction<Map<String, Long>> plain) {}

    @TestFactory
    Stream<DynamicTest> canonicalFormKeepsTheValue() {
        return seeds(400, seed -> {
            Random random = new Random(seed);
            Twin twin = expression(random, 4);
            for (int i = 0; i < 8; i++) {
                Map<String, Long> symbols =
                        Map.of("a", 1L + random.nextInt(7), "b", 1L + random.nextInt(7), "h", 1L + random.nextInt(50));
                long expected = twin.plain().applyAsLong(symbols);
                assertThat(twin.dim().evaluate(symbols))
                        .as("%s at %s", twin.dim(), symbols)
                        .isEqualTo(expected);
                Bounds bounds = twin.dim().bounds();
                assertThat(expected).as("bounds of %s", twin.dim()).isBetween(bounds.lower(), bounds.upper());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> polynomialsBuiltInAnotherOrderAreEqual() {
        return seeds(100, seed -> {
            Random random = new Random(seed);
            Dim x = polynomial(random);
            Dim y = polynomial(random);
            Dim z = polynomial(random);
            assertThat(x.plus(y).times(z))
                    .isEqualTo(z.times(y).plus(z.times(x)))
                    .hasSameHashCodeAs(z.times(y).plus(z.times(x)));
            assertThat(x.minus(y).plus(y)).isEqualTo(x);
            assertThat(x.times(y).times(z)).isEqualTo(z.times(x).times(y));
            assertThat(x.minus(x)).isEqualTo(Dim.ZERO);
            assertThat(x.min(y)).isEqualTo(y.min(x));
            assertThat(x.max(y).plus(z)).isEqualTo(z.plus(y.max(x)));
        });
    }

    @TestFactory
    Stream<DynamicTest> exactDivisionUndoesMultiplication() {
        return seeds(100, seed -> {
            Random random = new Random(seed);
            Dim quotient = polynomial(random);
            Dim divisor = polynomial(random);
            if (divisor.equals(Dim.ZERO)) {
                divisor = A;
            }
            assertThat(quotient.times(divisor).divideExactly(divisor)).contains(quotient);
            assertThat(quotient.times(divisor).floorDiv(divisor)).isEqualTo(quotient);
        });
    }

    @Test
    void divisionThatLeavesARestIsNotExact() {
        assertThat(A.plus(1).divideExactly(A)).isEmpty();
        assertThat(A.times(3).divideExactly(Dim.of(2))).isEmpty();
        assertThat(A.divideExactly(Dim.ZERO)).isEmpty();
        assertThat(A.times(B).divideExactly(A.times(A))).isEmpty();
    }

    @Test
    void readsLikeArithmetic() {
        assertThat(Dim.symbol("batch").times(12)).hasToString("batch*12");
        assertThat(H.plus(-1).floorDiv(2).plus(1)).hasToString("floor((h+1)/2)");
        assertThat(A.times(B).times(-2).plus(3)).hasToString("-a*b*2+3");
        assertThat(A.floorDiv(B)).hasToString("floor(a/b)");
        assertThat(A.min(B)).hasToString("min(a,b)");
        assertThat(H.plus(-3).max(Dim.ZERO)).hasToString("h-min(h,3)");
        assertThat(Dim.ZERO).hasToString("0");
    }

    @Test
    void stridesOneAfterTheOtherAreOneStride() {
        assertThat(H.floorDiv(2).floorDiv(3)).isEqualTo(H.floorDiv(6));
        assertThat(H.ceilDiv(Dim.of(2)).ceilDiv(Dim.of(2))).isEqualTo(H.ceilDiv(Dim.of(4)));
        assertThat(H.times(4).plus(6).floorDiv(8)).isEqualTo(H.times(2).plus(3).floorDiv(4));
        assertThat(H.plus(7).mod(Dim.of(7))).isEqualTo(H.mod(Dim.of(7)));
        assertThat(A.times(H).floorDiv(A.times(2))).isEqualTo(H.floorDiv(2));
    }

    @Test
    void knownOrderDecidesMinimaAndMaxima() {
        assertThat(H.min(H.plus(1))).isEqualTo(H);
        assertThat(H.max(Dim.ONE)).isEqualTo(H);
        assertThat(H.max(H.min(Dim.of(512)))).isEqualTo(H);
        assertThat(H.floorDiv(2).times(2).max(H)).isEqualTo(H);
        assertThat(H.min(Dim.of(3)).plus(H.minus(Dim.of(3)).max(Dim.ZERO))).isEqualTo(H);
    }

    @Test
    void missingSymbolsAreNamed() {
        assertThat(A.times(B).plus(H.floorDiv(2)).symbols()).containsExactly("a", "b", "h");
        assertThatThrownBy(() -> A.plus(B).evaluate(Map.of("a", 1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b'");
    }

    @Test
    void symbolicExtentsAreNoNumbers() {
        assertThat(Dim.of(7).constant()).isEqualTo(7);
        assertThat(A.isConstant()).isFalse();
        assertThatThrownBy(A::constant)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("symbolic");
        assertThatThrownBy(() -> A.floorDiv(Dim.ZERO)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Dim.of(Long.MAX_VALUE).plus(1)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void namesThatLookLikeExpressionsStaySymbols() {
        Dim odd = Dim.symbol("a+b");
        assertThat(odd).isNotEqualTo(A.plus(B));
        assertThat(odd.floorDiv(2).plus(A.plus(B).floorDiv(2)).evaluate(Map.of("a", 1L, "b", 2L, "a+b", 9L)))
                .isEqualTo(5);
    }

    private static Stream<DynamicTest> seeds(int count, java.util.function.LongConsumer check) {
        return LongStream.range(0, count)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check.accept(seed)));
    }

    private static Dim polynomial(Random random) {
        Dim sum = Dim.of(random.nextInt(7) - 3);
        List<Dim> symbols = new ArrayList<>(List.of(A, B, H, H.floorDiv(2)));
        for (int i = random.nextInt(4); i > 0; i--) {
            Dim product = Dim.of(random.nextInt(9) - 4);
            for (int j = random.nextInt(3); j >= 0; j--) {
                product = product.times(symbols.get(random.nextInt(symbols.size())));
            }
            sum = sum.plus(product);
        }
        return sum;
    }

    private static Twin expression(Random random, int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            if (random.nextBoolean()) {
                String name = List.of("a", "b", "h").get(random.nextInt(3));
                return new Twin(Dim.symbol(name), symbols -> symbols.get(name));
            }
            long number = random.nextInt(12) - 3;
            return new Twin(Dim.of(number), symbols -> number);
        }
        Twin x = expression(random, depth - 1);
        Twin y = expression(random, depth - 1);
        long number = 1 + random.nextInt(6);
        return switch (random.nextInt(10)) {
            case 0 -> new Twin(x.dim.plus(y.dim), s -> x.plain.applyAsLong(s) + y.plain.applyAsLong(s));
            case 1 -> new Twin(x.dim.minus(y.dim), s -> x.plain.applyAsLong(s) - y.plain.applyAsLong(s));
            case 2 -> new Twin(x.dim.times(y.dim), s -> x.plain.applyAsLong(s) * y.plain.applyAsLong(s));
            case 3 -> new Twin(x.dim.min(y.dim), s -> Math.min(x.plain.applyAsLong(s), y.plain.applyAsLong(s)));
            case 4 -> new Twin(x.dim.max(y.dim), s -> Math.max(x.plain.applyAsLong(s), y.plain.applyAsLong(s)));
            case 5 -> new Twin(x.dim.negate(), s -> -x.plain.applyAsLong(s));
            case 6 -> new Twin(x.dim.floorDiv(number), s -> Math.floorDiv(x.plain.applyAsLong(s), number));
            case 7 -> new Twin(x.dim.ceilDiv(Dim.of(number)), s -> -Math.floorDiv(-x.plain.applyAsLong(s), number));
            case 8 -> new Twin(x.dim.mod(Dim.of(number)), s -> Math.floorMod(x.plain.applyAsLong(s), number));
            default -> {
                Dim divisor = A.times(B).times(number).plus(number);
                yield new Twin(
                        x.dim.times(A).floorDiv(divisor),
                        s -> Math.floorDiv(
                                x.plain.applyAsLong(s) * s.get("a"), number * (s.get("a") * s.get("b") + 1)));
            }
        };
    }
}
