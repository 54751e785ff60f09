package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Gradients of normalisations. */
final class NormalisationGradients {

    private NormalisationGradients() {}

    /** Statistics are those of the file, or in training mode those of the operand. */
    static void batch(Backward b) {
        if (b.node().intAttribute("training_mode", 0) != 0) {
            batchOfOperand(b);
        } else {
            batchOfFile(b);
        }
    }

    private static void batchOfFile(Backward b) {
        String steep = inverse(b, b.input(4), b.node().realAttribute("epsilon", 1e-5));
        if (b.wants(0)) {
            b.put(0, b.multiply(b.gradient(), channels(b, b.multiply(b.input(1), steep))));
        }
        if (b.wants(3) || b.wants(4)) {
            throw new MisfitException("its running statistics are not trained");
        }
        if (b.wants(2) || b.wants(1)) {
            b.put(2, byChannel(b, b.gradient()));
        }
        if (b.wants(1)) {
            String products = byChannel(b, b.multiply(b.gradient(), b.input(0)));
            String shift = b.multiply(byChannel(b, b.gradient()), b.input(3));
            b.put(1, b.multiply(b.subtract(products, shift), steep));
        }
    }

    private static void batchOfOperand(Backward b) {
        int[] rest = IntStream.range(0, b.rank(0)).filter(axis -> axis != 1).toArray();
        String count = b.count(b.input(0), rest);
        String mean = b.divide(byChannel(b, b.input(0)), count);
        String centred = b.subtract(b.input(0), channels(b, mean));
        String variance = b.divide(byChannel(b, b.squared(centred)), count);
        String steep = inverse(b, variance, b.node().realAttribute("epsilon", 1e-5));
        List<String> parts = new ArrayList<>();
        b.gradient(0).ifPresent(gradient -> {
            String shift = byChannel(b, gradient);
            String scale = b.multiply(byChannel(b, b.multiply(gradient, centred)), steep);
            b.put(1, scale);
            b.put(2, shift);
            String slope = b.negate(b.divide(b.multiply(scale, steep), count));
            String drift = b.add(b.multiply(centred, channels(b, slope)), gradient);
            String level = channels(b, b.divide(shift, count));
            parts.add(b.multiply(b.subtract(drift, level), channels(b, b.multiply(b.input(1), steep))));
        });
        running(b, 1).ifPresent(level -> parts.add(b.expandLike(channels(b, b.divide(level, count)), b.input(0))));
        running(b, 2)
                .ifPresent(deviation ->
                        parts.add(b.multiply(centred, channels(b, b.multiply(b.divide(deviation, count), 2)))));
        parts.stream().reduce(b::add).ifPresent(sum -> b.put(0, sum));
    }

    /** What arrives at a running statistic: a share belongs to what it was, the rest is that of the operand. */
    private static Optional<String> running(Backward b, int output) {
        double momentum = b.node().realAttribute("momentum", 0.9);
        return b.gradient(output).map(gradient -> {
            b.put(output + 2, b.multiply(gradient, momentum));
            return b.multiply(gradient, 1 - momentum);
        });
    }

    /** 1 / sqrt(variance + epsilon). */
    private static String inverse(Emitter e, String variance, double epsilon) {
        return Activations.unary(e, "Reciprocal", Activations.unary(e, "Sqrt", e.add(variance, e.scalar(epsilon))));
    }

    /** A vector with an element a channel, along the channels of the operand. */
    private static String channels(Backward b, String vector) {
        return channels(b, vector, b.rank(0));
    }

    static String channels(Emitter e, String vector, int rank) {
        return e.unsqueeze(vector, IntStream.range(1, rank - 1).asLongStream().toArray());
    }

    private static String byChannel(Backward b, String value) {
        return ChannelSums.of(b, value, b.rank(0));
    }

    /** Over the last axes: mean and deviation of each vector. */
    static void layer(Backward b) {
        int rank = b.rank(0);
        int first = b.view().axis("axis", -1, rank);
        int[] axes = IntStream.range(first, rank).toArray();
        String centred = b.subtract(b.input(0), b.output(1));
        String steep = b.output(2);
        String gradient = b.gradient(0).orElseGet(() -> b.zerosLike(b.input(0)));
        normalised(b, gradient, b.multiply(centred, steep), steep, axes, true);
        if (b.wants(0)) {
            statistics(b, centred, steep, axes)
                    .ifPresent(more -> b.put(0, b.add(b.found().get(0), more)));
        }
    }

    /** What arrives at the mean and at the inverse of the deviation, handed to the operand. */
    private static Optional<String> statistics(Backward b, String centred, String steep, int[] axes) {
        List<String> parts = new ArrayList<>();
        b.gradient(1).ifPresent(gradient -> parts.add(b.expandLike(gradient, b.input(0))));
        b.gradient(2).ifPresent(gradient -> {
            String slope = b.multiply(b.squared(steep), b.negate(steep));
            parts.add(b.multiply(b.multiply(gradient, slope), centred));
        });
        return parts.stream().reduce(b::add).map(sum -> b.divide(sum, b.count(b.input(0), axes)));
    }

    /** Over the last axes: the root of the mean square of each vector. */
    static void rootMeanSquare(Backward b) {
        int rank = b.rank(0);
        int[] axes = IntStream.range(b.view().axis("axis", -1, rank), rank).toArray();
        String square = b.single(Nodes.mean(b.squared(b.input(0)), b.vector(longs(axes)), ""));
        String steep = inverse(b, square, b.node().realAttribute("epsilon", 1e-5));
        normalised(b, b.gradient(), b.multiply(b.input(0), steep), steep, axes, false);
    }

    private static void normalised(
            Backward b, String gradient, String normal, String steep, int[] axes, boolean centres) {
        if (b.wants(0)) {
            String scaled = b.multiply(gradient, b.input(1));
            String vector = b.vector(longs(axes));
            String along = b.multiply(normal, b.single(Nodes.mean(b.multiply(scaled, normal), vector, "")));
            String rest = centres ? b.subtract(scaled, b.single(Nodes.mean(scaled, vector, ""))) : scaled;
            b.put(0, b.multiply(b.subtract(rest, along), steep));
        }
        if (b.wants(1)) {
            b.putSummed(1, b.multiply(gradient, normal));
        }
        if (b.has(2)) {
            b.putSummed(2, gradient);
        }
    }

    private static long[] longs(int[] axes) {
        return IntStream.of(axes).asLongStream().toArray();
    }

    /** Words, their positions and their segments, each looked up, added and normalised. */
    static void embedding(Expansion e) {
        if (e.node().output(1).isPresent()) {
            // How many words of each example count.
            String marks = e.has(7) ? e.input(7) : e.subtract(e.input(0), e.input(0));
            e.put(1, e.sum(marks, false, 1));
        }
        String sum = e.add(e.gather(e.input(2), e.input(0), 0), positions(e));
        sum = e.has(4) ? e.add(sum, e.gather(e.input(4), e.input(1), 0)) : sum;
        Attribute epsilon = new Attribute.Real(e.node().realAttribute("epsilon", 1e-12));
        Map<String, Attribute> attributes = Map.of("epsilon", epsilon, "axis", new Attribute.Int(-1));
        e.put(0, e.single(Nodes.normaliseLast(true, List.of(sum, e.input(5), e.input(6)), attributes)));
        e.put(2, sum);
    }

    private static String positions(Expansion e) {
        return e.has(8)
                ? e.gather(e.input(3), e.input(8), 0)
                : e.slice(e.input(3), e.vector(0), e.extents(e.input(0), 1, 2), e.vector(0), e.vector(1));
    }

    /** Over all positions of each channel. */
    static void instance(Expansion e) {
        int rank = e.rank(0);
        String normal = centredAndScaled(e, e.input(0), IntStream.range(2, rank).toArray());
        e.put(0, affine(e, normal, e.input(1), e.input(2), rank));
    }

    /** Over all positions of the channels of a group. */
    static void group(Expansion e) {
        int rank = e.rank(0);
        long groups = e.node().intAttribute("num_groups", 1);
        String grouped = e.reshape(e.input(0), 0, groups, -1);
        String normal = centredAndScaled(e, grouped, new int[] {2});
        e.put(0, affine(e, e.reshapeLike(normal, e.input(0)), e.input(1), e.input(2), rank));
    }

    private static String affine(Expansion e, String normal, String scale, String shift, int rank) {
        return e.add(e.multiply(normal, channels(e, scale, rank)), channels(e, shift, rank));
    }

    private static String centredAndScaled(Expansion e, String value, int[] axes) {
        String vector = e.vector(longs(axes));
        String centred = e.subtract(value, e.single(Nodes.mean(value, vector, "")));
        String variance = e.single(Nodes.mean(e.squared(centred), vector, ""));
        double epsilon = e.node().realAttribute("epsilon", 1e-5);
        return e.multiply(centred, inverse(e, variance, epsilon));
    }

    static void meanVariance(Expansion e) {
        int rank = e.rank(0);
        int[] axes = e.node().intsAttribute("axes").orElse(List.of(0L, 2L, 3L)).stream()
                .mapToInt(axis -> NodeView.normalise(axis, rank))
                .toArray();
        String vector = e.vector(longs(axes));
        String centred = e.subtract(e.input(0), e.single(Nodes.mean(e.input(0), vector, "")));
        String variance = e.single(Nodes.mean(e.squared(centred), vector, ""));
        e.put(0, e.divide(centred, e.add(Activations.unary(e, "Sqrt", variance), e.scalar(1e-9))));
    }

    /** Divides by a power of the squares in neighbouring channels: an average of them, over a window of channels. */
    static void neighbours(Expansion e) {
        int rank = e.rank(0);
        long size = e.node().intAttribute("size", 1);
        long before = (size - 1) / 2;
        String squares = e.squared(e.input(0));
        String flat = e.unsqueeze(e.reshape(squares, 0, 0, -1), 1);
        List<Long> pads = List.of(before, 0L, size - 1 - before, 0L);
        Node pool = Nodes.averagePool(flat, List.of(size, 1L), pads, "");
        String sums = e.reshapeLike(e.single(pool), e.input(0));
        double alpha = e.node().realAttribute("alpha", 1e-4);
        String base = e.add(e.multiply(sums, alpha), e.scalar(e.node().realAttribute("bias", 1)));
        e.put(0, e.divide(e.input(0), e.power(base, e.node().realAttribute("beta", 0.75))));
        if (rank < 3) {
            throw new MisfitException("its operand has no positions");
        }
    }

    /** A sum, then its normalisation over the last axis. */
    static void skip(Expansion e) {
        String sum = e.add(e.input(0), e.input(1));
        sum = e.has(4) ? e.add(sum, e.input(4)) : sum;
        normalise(e, sum, List.of(sum, e.input(2), e.node().input(3).orElse("")), true);
    }

    static void simplifiedSkip(Expansion e) {
        String sum = e.add(e.input(0), e.input(1));
        sum = e.has(3) ? e.add(sum, e.input(3)) : sum;
        normalise(e, sum, List.of(sum, e.input(2)), false);
    }

    private static void normalise(Expansion e, String sum, List<String> operands, boolean centres) {
        Attribute epsilon = new Attribute.Real(e.node().realAttribute("epsilon", 1e-12));
        Map<String, Attribute> attributes = Map.of("epsilon", epsilon, "axis", new Attribute.Int(-1));
        e.put(0, e.single(Nodes.normaliseLast(centres, operands, attributes)));
        e.put(3, sum);
    }
}
