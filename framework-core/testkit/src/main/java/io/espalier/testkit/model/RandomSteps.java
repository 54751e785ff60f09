package io.espalier.testkit.model;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Random steps of a network whose coupling is beyond doubt; each takes a value and gives a value of the same rank. */
final class RandomSteps {

    private static final int WIDEST = 12;
    private static final List<String> UNARY = List.of("Relu", "Sigmoid", "Tanh", "Softplus", "Identity");

    private final TrackedLayers layers;
    private final GraphBuilder graph;
    private final SplittableRandom random;

    RandomSteps(TrackedLayers layers, SplittableRandom random) {
        this.layers = layers;
        this.graph = layers.graph();
        this.random = random;
    }

    private int width() {
        return random.nextInt(2, 7);
    }

    private int extent(Tracked x, int axis) {
        return (int) graph.extent(x.value(), axis);
    }

    /** A step for {@code [batch, channels, height, width]}. */
    Tracked image(Tracked x) {
        return switch (random.nextInt(14)) {
            case 0, 1 -> layers.unary(anyUnary(), convolution(x, width()));
            case 2 -> layers.bn(convolution(x, width()));
            case 3 -> x.width() > WIDEST ? layers.bn(x) : layers.depthwise(x, 1, Window.same(3));
            case 4 -> residual(x, layers.unary("Relu", layers.bn(convolution(x, width()))));
            case 5 -> dense(x, convolution(x, width()));
            case 6 -> squeezeExcite(x);
            case 7 -> channelsLast(x);
            case 8 -> asTokens(x);
            case 9 -> sharedConvolution(x);
            case 10 -> layers.affine(random.nextBoolean() ? "Mul" : "Add", x, random.nextInt(3, 5));
            case 11 -> spatial(x);
            case 12 -> gate(x);
            default -> choose(x);
        };
    }

    private String anyUnary() {
        return UNARY.get(random.nextInt(UNARY.size()));
    }

    private Tracked convolution(Tracked x, int out) {
        Window window = Window.same(random.nextBoolean() ? 1 : 3);
        return layers.conv(x, out, random.nextBoolean() ? window : window.withoutBias());
    }

    private Tracked residual(Tracked x, Tracked inner) {
        Tracked branch = inner.axis() == 1 && graph.rank(inner.value()) == 4
                ? convolution(inner, x.width())
                : layers.linear(inner, x.width());
        return layers.binary(random.nextInt(4) == 0 ? "Max" : "Add", branch, x);
    }

    private Tracked dense(Tracked x, Tracked more) {
        if (x.width() > WIDEST) {
            return more;
        }
        return switch (random.nextInt(3)) {
            case 0 -> layers.concat(x, layers.unary("Tanh", x));
            case 1 -> layers.concat(more, x);
            default -> layers.concat(x, more);
        };
    }

    private Tracked squeezeExcite(Tracked x) {
        Tracked pooled = x.as(graph.globalAveragePool(x.value()));
        Tracked hidden = layers.unary("Relu", layers.conv(pooled, width(), Window.same(1)));
        Tracked scores = layers.unary("Sigmoid", layers.conv(hidden, x.width(), Window.same(1)));
        return layers.binary("Mul", x, scores);
    }

    private Tracked channelsLast(Tracked x) {
        Tracked last = layers.transpose(x, 0, 2, 3, 1);
        return layers.transpose(features(last), 0, 3, 1, 2);
    }

    private Tracked asTokens(Tracked x) {
        int height = extent(x, 2);
        int width = extent(x, 3);
        String flat = graph.reshape(x.value(), 0, x.width(), (long) height * width);
        Tracked tokens = features(layers.transpose(new Tracked(flat, 1, x.labels()), 0, 2, 1));
        Tracked back = layers.transpose(tokens, 0, 2, 1);
        return new Tracked(graph.reshape(back.value(), 0, back.width(), height, width), 1, back.labels());
    }

    private Tracked sharedConvolution(Tracked x) {
        Tracked other = convolution(x, x.width());
        List<Tracked> both = layers.convTwice(x, other, width());
        return random.nextBoolean()
                ? layers.binary("Add", both.get(0), both.get(1))
                : layers.concat(both.get(0), both.get(1));
    }

    private Tracked spatial(Tracked x) {
        int height = extent(x, 2);
        if (height >= 4) {
            Window half = Window.valid(2).stride(2);
            String pooled = random.nextBoolean() ? graph.maxPool(x.value(), half) : graph.averagePool(x.value(), half);
            return x.as(pooled);
        }
        String pads = graph.longs(0, 0, 1, 0, 0, 0, 0, 1);
        String padded = graph.node("Pad", List.of(x.value(), pads, graph.scalar(0)), "mode", "constant");
        return x.as(graph.follow(padded, "batch", x.width(), height + 1, extent(x, 3) + 1));
    }

    /** One channel multiplies all; it cannot go, for nothing would be left to multiply with. */
    private Tracked gate(Tracked x) {
        Tracked gate = layers.unary("Sigmoid", convolution(x, 1));
        layers.truth().freeze(gate.labels());
        return x.as(graph.mul(x.value(), gate.value()));
    }

    /** A step that takes channels apart: for any axis of channels. */
    private Tracked choose(Tracked x) {
        int width = x.width();
        if (width < 4) {
            return layers.unary(anyUnary(), x);
        }
        return switch (random.nextInt(6)) {
            case 0 -> layers.slice(x, 1, width - 1, 1);
            case 1 -> layers.slice(x, random.nextInt(2), width, 2);
            case 2 -> layers.slice(x, width - 1, -1, -1);
            case 3 ->
                layers.gather(
                        x,
                        LongStream.range(0, 3).map(i -> random.nextInt(width)).toArray());
            case 4 -> addHalves(x);
            default -> {
                List<Tracked> parts = layers.split(x, random.nextInt(1, width));
                yield layers.concat(parts.get(1), layers.unary(anyUnary(), parts.get(0)));
            }
        };
    }

    private Tracked addHalves(Tracked x) {
        Tracked even = x.width() % 2 == 0 ? x : layers.slice(x, 0, x.width() - 1, 1);
        List<Tracked> halves = layers.split(even, even.width() / 2);
        return layers.binary("Add", halves.get(0), layers.unary("Tanh", halves.get(1)));
    }

    /** A step for values whose last axis is the one of channels. */
    Tracked features(Tracked x) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> layers.unary(anyUnary(), layers.linear(x, width()));
            case 2 -> layers.layerNorm(x, random.nextBoolean());
            case 3 -> residual(x, layers.unary("Relu", layers.linear(x, width())));
            case 4 -> dense(x, layers.linear(x, width()));
            case 5 -> layers.affine(random.nextBoolean() ? "Mul" : "Add", x, random.nextInt(1, 3));
            case 6 -> gatedLinear(x);
            default -> choose(x);
        };
    }

    /** Two layers multiplied, as in a gated feed-forward layer. */
    private Tracked gatedLinear(Tracked x) {
        int hidden = width();
        Tracked gate = layers.unary("Sigmoid", layers.linear(x, hidden));
        return layers.binary("Mul", gate, layers.linear(x, hidden));
    }

    /** A step for {@code [batch, channels]}. */
    Tracked vector(Tracked x) {
        return switch (random.nextInt(6)) {
            case 0 -> layers.unary("Relu", layers.gemm(x, width()));
            case 1 -> layers.bn(x);
            case 2 -> softmax(x);
            default -> features(x);
        };
    }

    /** Softmax over channels is a barrier. */
    private Tracked softmax(Tracked x) {
        Tracked scores = layers.gemm(x, width());
        layers.truth().freeze(scores.labels());
        return scores.as(graph.softmax(scores.value(), -1));
    }
}
