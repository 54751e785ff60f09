package io.espalier.graph.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gradients of operators that combine their operands element by element. */
final class BroadcastingGradients {

    private BroadcastingGradients() {}

    static void add(Backward b) {
        b.putSummed(0, b.gradient());
        b.putSummed(1, b.gradient());
    }

    static void subtract(Backward b) {
        b.putSummed(0, b.gradient());
        if (b.wants(1)) {
            b.put(1, b.negate(b.summed(b.gradient(), b.shapeOf(b.output(0)), b.input(1))));
        }
    }

    static void multiply(Backward b) {
        for (int slot = 0; slot < 2; slot++) {
            if (b.wants(slot)) {
                b.putSummed(slot, b.multiply(b.gradient(), b.input(1 - slot)));
            }
        }
    }

    static void divide(Backward b) {
        String quotient = b.divide(b.gradient(), b.input(1));
        b.putSummed(0, quotient);
        if (b.wants(1)) {
            b.putSummed(1, b.negate(b.multiply(quotient, b.output(0))));
        }
    }

    /** The remainder of real numbers: the quotient is constant but for leaps. */
    static void modulo(Backward b) {
        b.putSummed(0, b.gradient());
        if (b.wants(1)) {
            String quotient = b.divide(b.subtract(b.output(0), b.input(0)), b.input(1));
            b.putSummed(1, b.multiply(b.gradient(), quotient));
        }
    }

    static void power(Backward b) {
        if (b.wants(0)) {
            String lower = b.compute(Nodes::power, b.input(0), b.subtract(exponent(b), b.scalar(1)));
            b.putSummed(0, b.multiply(b.gradient(), b.multiply(exponent(b), lower)));
        }
        if (b.wants(1)) {
            String positive = b.compute(Nodes::greater, b.input(0), b.scalar(0));
            String logarithm = b.compute("Log", List.of(b.input(0)), Map.of());
            String slope = b.multiply(b.output(0), logarithm);
            b.putSummed(1, b.multiply(b.gradient(), b.where(positive, slope)));
        }
    }

    private static String exponent(Backward b) {
        return b.isReal(b.input(1)) ? b.input(1) : b.real(b.input(1));
    }

    /** Operands that are equal share the gradient. */
    static void extreme(Backward b) {
        int count = b.node().inputs().size();
        if (count == 1) {
            b.put(0, b.gradient());
            return;
        }
        List<String> shares = new ArrayList<>();
        for (int slot = 0; slot < count; slot++) {
            shares.add(b.real(b.compute(Nodes::equal, b.input(slot), b.output(0))));
        }
        String ties = shares.stream().reduce(b::add).orElseThrow();
        String divided = b.divide(b.gradient(), ties);
        for (int slot = 0; slot < count; slot++) {
            if (b.wants(slot)) {
                b.putSummed(slot, b.multiply(divided, shares.get(slot)));
            }
        }
    }

    static void sum(Backward b) {
        for (int slot = 0; slot < b.node().inputs().size(); slot++) {
            b.putSummed(slot, b.gradient());
        }
    }

    static void mean(Backward b) {
        int count = b.node().inputs().size();
        String share = b.multiply(b.gradient(), 1.0 / count);
        for (int slot = 0; slot < count; slot++) {
            b.putSummed(slot, share);
        }
    }

    static void where(Backward b) {
        String condition = b.input(0);
        if (b.wants(1)) {
            b.putSummed(1, b.masked(condition, b.gradient()));
        }
        if (b.wants(2)) {
            b.putSummed(2, b.masked(b.compute("Not", List.of(condition), Map.of()), b.gradient()));
        }
    }

    static void prelu(Backward b) {
        String negative = b.compute(Nodes::greater, b.scalar(0), b.input(0));
        if (b.wants(0)) {
            String less = b.masked(negative, b.subtract(b.input(1), b.scalar(1)));
            b.putSummed(0, b.multiply(b.gradient(), b.add(less, b.scalar(1))));
        }
        if (b.wants(1)) {
            b.putSummed(1, b.masked(negative, b.multiply(b.gradient(), b.input(0))));
        }
    }

    /** The activation of a sum. */
    static void biasGelu(Expansion e) {
        String sum = e.has(1) ? e.add(e.input(0), e.input(1)) : e.input(0);
        boolean fast = e.node().operator().startsWith("Fast");
        e.put(0, Activations.gelu(e, sum, fast));
    }
}
