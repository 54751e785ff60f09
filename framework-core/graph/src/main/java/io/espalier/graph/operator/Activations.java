package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Gradients of operators on single elements, and activations made of arithmetic. */
final class Activations {

    private static final double ROOT_OF_TWO = Math.sqrt(2);
    /** Of the approximation of the Gaussian error linear unit by a hyperbolic tangent (arXiv 1606.08415, section 2). */
    private static final double CUBIC = 0.044715;

    private Activations() {}

    /** The rule of an operator whose derivative is an expression. */
    static GradientRule slope(Function<Backward, String> derivative) {
        return b -> b.put(0, b.multiply(b.gradient(), derivative.apply(b)));
    }

    /** The rule of an operator whose gradient passes unchanged where a condition holds, and nowhere else. */
    private static GradientRule gate(Function<Backward, String> condition) {
        return b -> b.put(0, b.masked(condition.apply(b), b.gradient()));
    }

    static final GradientRule IDENTITY = b -> b.put(0, b.gradient());
    static final GradientRule NEGATION = b -> b.put(0, b.negate(b.gradient()));
    static final GradientRule MAGNITUDE = slope(b -> unary(b, "Sign", b.input(0)));
    static final GradientRule RELU = gate(b -> positive(b, b.output(0)));
    static final GradientRule RECIPROCAL = slope(b -> b.negate(b.squared(b.output(0))));
    static final GradientRule ROOT = b -> b.put(0, b.divide(b.multiply(b.gradient(), 0.5), b.output(0)));
    static final GradientRule EXPONENTIAL = slope(b -> b.output(0));
    static final GradientRule LOGARITHM = b -> b.put(0, b.divide(b.gradient(), b.input(0)));
    static final GradientRule SIGMOID = slope(b -> b.multiply(b.output(0), b.subtract(b.scalar(1), b.output(0))));
    static final GradientRule TANH = slope(b -> b.subtract(b.scalar(1), b.squared(b.output(0))));
    static final GradientRule ERROR_FUNCTION = slope(b -> bell(b, b.input(0)));
    static final GradientRule SOFTPLUS = slope(b -> unary(b, "Sigmoid", b.input(0)));
    static final GradientRule SOFTSIGN = slope(b -> b.squared(b.subtract(b.scalar(1), unary(b, "Abs", b.output(0)))));

    static final GradientRule SINE = slope(b -> unary(b, "Cos", b.input(0)));
    static final GradientRule COSINE = slope(b -> b.negate(unary(b, "Sin", b.input(0))));
    static final GradientRule TANGENT = slope(b -> b.add(b.scalar(1), b.squared(b.output(0))));
    static final GradientRule HYPERBOLIC_SINE = slope(b -> unary(b, "Cosh", b.input(0)));
    static final GradientRule HYPERBOLIC_COSINE = slope(b -> unary(b, "Sinh", b.input(0)));
    static final GradientRule ARC_SINE = quotient(b -> root(b, 1, -1));
    static final GradientRule ARC_COSINE = quotient(b -> b.negate(root(b, 1, -1)));
    static final GradientRule ARC_TANGENT = quotient(b -> b.add(b.scalar(1), b.squared(b.input(0))));
    static final GradientRule AREA_SINE = quotient(b -> root(b, 1, 1));
    static final GradientRule AREA_COSINE = quotient(b -> root(b, -1, 1));
    static final GradientRule AREA_TANGENT = quotient(b -> b.subtract(b.scalar(1), b.squared(b.input(0))));

    static void hardSigmoid(Backward b) {
        double alpha = b.node().realAttribute("alpha", 0.2);
        String inside = both(b, positive(b, b.output(0)), above(b, b.scalar(1), b.output(0)));
        b.put(0, b.masked(inside, b.multiply(b.gradient(), alpha)));
    }

    /** What is not limited is handed on as it is. */
    static void clip(Backward b) {
        String untouched = b.compute(Nodes::equal, b.input(0), b.output(0));
        b.put(0, b.masked(untouched, b.gradient()));
        for (int slot = 1; slot < 3; slot++) {
            if (b.wants(slot)) {
                String limited = slot == 1 ? above(b, b.input(1), b.input(0)) : above(b, b.input(0), b.input(2));
                b.putSummed(slot, b.masked(limited, b.gradient()));
            }
        }
    }

    static void cast(Backward b) {
        if (b.isReal(b.output(0))) {
            b.put(0, b.gradient());
        }
    }

    static void leakyRelu(Backward b) {
        double alpha = b.node().realAttribute("alpha", 0.01);
        String more = b.multiply(b.real(positive(b, b.input(0))), 1 - alpha);
        b.put(0, b.multiply(b.gradient(), b.add(more, b.scalar(alpha))));
    }

    static void elu(Backward b) {
        exponentialBelowZero(b, 1, b.node().realAttribute("alpha", 1), 1);
    }

    static void selu(Backward b) {
        double alpha = b.node().realAttribute("alpha", 1.67326319217681884765625);
        exponentialBelowZero(b, b.node().realAttribute("gamma", 1.05070102214813232421875), alpha, 1);
    }

    static void celu(Backward b) {
        exponentialBelowZero(b, 1, 1, b.node().realAttribute("alpha", 1));
    }

    /** Of gamma x above 0 and gamma alpha scale (exp(x / scale) - 1) below, up to constant factors of exp. */
    private static void exponentialBelowZero(Backward b, double gamma, double alpha, double scale) {
        // The larger exponentials are not used, and would overflow.
        String below = b.single(Nodes.minimum(b.multiply(b.input(0), 1 / scale), b.scalar(0), ""));
        String slope = b.multiply(unary(b, "Exp", below), gamma * alpha);
        if (alpha != 1) {
            slope = b.add(slope, b.multiply(b.real(positive(b, b.input(0))), gamma * (1 - alpha)));
        }
        b.put(0, b.multiply(b.gradient(), slope));
    }

    static void shrink(Backward b) {
        String kept = above(b, unary(b, "Abs", b.input(0)), b.scalar(b.node().realAttribute("lambd", 0.5)));
        b.put(0, b.masked(kept, b.gradient()));
    }

    static void thresholdedRelu(Backward b) {
        String limit = b.scalar(b.node().realAttribute("alpha", 1));
        b.put(0, b.masked(above(b, b.input(0), limit), b.gradient()));
    }

    static void hardSwish(Backward b) {
        String x = b.input(0);
        String inside = both(b, above(b, x, b.scalar(-3)), above(b, b.scalar(3), x));
        String bent = b.masked(inside, b.add(b.multiply(x, 1.0 / 3), b.scalar(0.5)));
        String straight = b.real(b.compute("GreaterOrEqual", List.of(x, b.scalar(3)), Map.of()));
        b.put(0, b.multiply(b.gradient(), b.add(bent, straight)));
    }

    /** x sigmoid(alpha x). */
    static void swish(Backward b) {
        double otherwise = b.node().domain().isEmpty() ? 1 : 1.702;
        double alpha = b.node().realAttribute("alpha", otherwise);
        String gate = unary(b, "Sigmoid", b.multiply(b.input(0), alpha));
        String rest = b.subtract(b.scalar(1), gate);
        String slope = b.multiply(b.add(b.scalar(1), b.multiply(b.multiply(b.input(0), rest), alpha)), gate);
        b.put(0, b.multiply(b.gradient(), slope));
    }

    /** x tanh(softplus(x)). */
    static void mish(Backward b) {
        String bend = unary(b, "Tanh", unary(b, "Softplus", b.input(0)));
        String steep = b.multiply(b.subtract(b.scalar(1), b.squared(bend)), unary(b, "Sigmoid", b.input(0)));
        b.put(0, b.multiply(b.gradient(), b.add(bend, b.multiply(b.input(0), steep))));
    }

    static void gelu(Backward b) {
        boolean approximate = b.node().textAttribute("approximate", "none").equals("tanh");
        b.put(0, b.multiply(b.gradient(), approximate ? tanhGeluSlope(b) : geluSlope(b)));
    }

    /** The share of the normal distribution below x, and x times its density, both doubled until the end. */
    private static String geluSlope(Backward b) {
        String scaled = b.multiply(b.input(0), 1 / ROOT_OF_TWO);
        String density = bell(b, scaled);
        String both = b.add(unary(b, "Erf", scaled), b.multiply(scaled, density));
        return b.add(b.multiply(both, 0.5), b.scalar(0.5));
    }

    /** The derivative of the error function. */
    private static String bell(Backward b, String x) {
        return unary(b, "Exp", b.subtract(b.scalar(Math.log(2 / Math.sqrt(Math.PI))), b.squared(x)));
    }

    private static String tanhGeluSlope(Backward b) {
        String x = b.input(0);
        String bend = unary(b, "Tanh", inner(b, x));
        double factor = Math.sqrt(2 / Math.PI);
        String steep = b.add(b.multiply(b.squared(x), 3 * CUBIC * factor), b.scalar(factor));
        String slope = b.multiply(b.multiply(b.subtract(b.scalar(1), b.squared(bend)), steep), x);
        return b.multiply(b.add(b.add(b.scalar(1), bend), slope), 0.5);
    }

    private static String inner(Emitter e, String x) {
        double factor = Math.sqrt(2 / Math.PI);
        return e.multiply(e.add(e.multiply(e.squared(x), CUBIC * factor), e.scalar(factor)), x);
    }

    /** The Gaussian error linear unit of a value, exact or by a hyperbolic tangent. */
    static String gelu(Emitter e, String x, boolean approximate) {
        Node gelu = Node.of("Gelu", List.of(x), List.of(""), Map.of());
        return e.single(approximate ? gelu.withAttribute("approximate", new Attribute.Text("tanh")) : gelu);
    }

    static String unary(Emitter e, String operator, String x) {
        return e.compute(operator, List.of(x), Map.of());
    }

    static String positive(Emitter e, String x) {
        return above(e, x, e.scalar(0));
    }

    static String above(Emitter e, String x, String limit) {
        return e.compute(Nodes::greater, x, limit);
    }

    private static String both(Emitter e, String left, String right) {
        return e.compute("And", List.of(left, right), Map.of());
    }

    private static GradientRule quotient(Function<Backward, String> divisor) {
        return b -> b.put(0, b.divide(b.gradient(), divisor.apply(b)));
    }

    /** The square root of a constant and a multiple of the square of the operand. */
    private static String root(Backward b, double constant, double factor) {
        return unary(b, "Sqrt", b.add(b.multiply(b.squared(b.input(0)), factor), b.scalar(constant)));
    }
}
