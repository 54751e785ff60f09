package io.espalier.testkit.model;

import java.util.List;
import java.util.SplittableRandom;

/** Random steps with grids and void channels. What they couple is not claimed: results carry labels of their own. */
final class ExoticSteps {

    private static final int HEADS = 2;

    private final TrackedLayers layers;
    private final GraphBuilder graph;
    private final SplittableRandom random;

    ExoticSteps(TrackedLayers layers, SplittableRandom random) {
        this.layers = layers;
        this.graph = layers.graph();
        this.random = random;
    }

    /** A step for values of any rank. */
    Tracked any(Tracked x) {
        return switch (graph.rank(x.value())) {
            case 4 -> image(x);
            case 3 -> attention(x);
            default -> unclaimed(graph.gemm(layers.name("exotic"), x.value(), 4), 1);
        };
    }

    private Tracked unclaimed(String value, int axis) {
        return new Tracked(value, axis, layers.truth().fresh((int) graph.extent(value, axis)));
    }

    private Tracked image(Tracked x) {
        return switch (random.nextInt(5)) {
            case 0 -> grouped(x);
            case 4 -> multiplied(x);
            case 1 -> shuffle(x);
            case 2 -> pad(x);
            default -> pixelShuffle(x);
        };
    }

    private String convolution(String x, int out, Window window) {
        return graph.conv(layers.name("exotic"), x, out, window);
    }

    private Tracked grouped(Tracked x) {
        int groups = random.nextInt(2, 4);
        String wide = convolution(x.value(), 2 * groups, Window.same(1));
        String result = convolution(
                graph.relu(wide), groups * random.nextInt(1, 4), Window.same(3).groups(groups));
        return unclaimed(result, 1);
    }

    /** Two filters for each channel. */
    private Tracked multiplied(Tracked x) {
        int channels = random.nextInt(2, 5);
        String wide = convolution(x.value(), channels, Window.same(1));
        return unclaimed(
                convolution(graph.relu(wide), 2 * channels, Window.same(3).groups(channels)), 1);
    }

    private Tracked shuffle(Tracked x) {
        int rows = random.nextInt(2, 4);
        int columns = random.nextInt(2, 4);
        long height = graph.extent(x.value(), 2);
        long width = graph.extent(x.value(), 3);
        String wide = convolution(x.value(), rows * columns, Window.same(1));
        String parts = graph.transpose(graph.reshape(wide, -1, rows, columns, height, width), 0, 2, 1, 3, 4);
        return unclaimed(graph.reshape(parts, 0, (long) rows * columns, height, width), 1);
    }

    private Tracked pad(Tracked x) {
        int before = random.nextInt(0, 3);
        String pads = graph.longs(0, before, 0, 0, 0, 1, 0, 0);
        String padded = graph.node("Pad", List.of(x.value(), pads, graph.scalar(0)), "mode", "constant");
        long height = graph.extent(x.value(), 2);
        graph.follow(padded, "batch", x.width() + before + 1, height, graph.extent(x.value(), 3));
        return unclaimed(padded, 1);
    }

    private Tracked pixelShuffle(Tracked x) {
        String wide = convolution(x.value(), 4 * random.nextInt(1, 4), Window.same(1));
        String large = graph.depthToSpace(wide, 2, random.nextBoolean() ? "CRD" : "DCR");
        return unclaimed(graph.averagePool(large, Window.valid(2).stride(2)), 1);
    }

    /** Multi-head attention with separate projections, plus its input. */
    private Tracked attention(Tracked x) {
        long size = random.nextInt(2, 5);
        String q = heads(x, size);
        String k = graph.transpose(heads(x, size), 0, 1, 3, 2);
        String weights = graph.softmax(graph.mul(graph.matMul(q, k), graph.scalar(1 / Math.sqrt(size))), -1);
        String mixed = graph.transpose(graph.matMul(weights, heads(x, size)), 0, 2, 1, 3);
        String joined = graph.reshape(mixed, 0, 0, HEADS * size);
        String projected = graph.linear(layers.name("exotic"), joined, x.width());
        return unclaimed(graph.add(projected, x.value()), 2);
    }

    private String heads(Tracked x, long size) {
        String projected = graph.linear(layers.name("exotic"), x.value(), HEADS * size);
        return graph.transpose(graph.reshape(projected, 0, 0, HEADS, size), 0, 2, 1, 3);
    }

    /** A recurrent layer over tokens, its last step handed to a classifier. */
    Tracked lstm(Tracked x) {
        String name = layers.name("lstm");
        long hidden = random.nextInt(2, 6);
        String sequence = graph.transpose(x.value(), 1, 0, 2);
        double deviation = 1 / Math.sqrt(hidden);
        List<String> operands = List.of(
                sequence,
                graph.normal(name + ".W", deviation, 1, 4 * hidden, x.width()),
                graph.normal(name + ".R", deviation, 1, 4 * hidden, hidden),
                graph.normal(name + ".B", 0.1, 1, 8 * hidden));
        String result = graph.node("LSTM", operands, "hidden_size", hidden);
        graph.follow(result, graph.shape(sequence).get(0), 1, "batch", hidden);
        String last = graph.pick(graph.squeeze(result, 1), 0, -1);
        return unclaimed(graph.gemm(layers.name("exotic"), last, 3), 1);
    }
}
