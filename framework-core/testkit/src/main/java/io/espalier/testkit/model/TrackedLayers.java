package io.espalier.testkit.model;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Builds layers and writes down, from what each layer is known to mean, which channels are one. */
final class TrackedLayers {

    private final GraphBuilder graph;
    private final TrueCoupling truth = new TrueCoupling();
    private int layers;

    TrackedLayers(GraphBuilder graph) {
        this.graph = graph;
    }

    GraphBuilder graph() {
        return graph;
    }

    TrueCoupling truth() {
        return truth;
    }

    String name(String stem) {
        return stem + ++layers;
    }

    Tracked input(int axis, Object... extents) {
        String value = graph.input("x", extents);
        return new Tracked(value, axis, TrueCoupling.frozen((int) graph.extent(value, axis)));
    }

    void output(Tracked x) {
        truth.freeze(x.labels());
        graph.output(x.value());
    }

    Tracked conv(Tracked x, int out, Window window) {
        String name = name("conv");
        int[] made = truth.fresh(out);
        truth.attach(name + ".weight", 0, made);
        truth.attach(name + ".weight", 1, x.labels());
        if (window.bias()) {
            truth.attach(name + ".bias", 0, made);
        }
        return new Tracked(graph.conv(name, x.value(), out, window), 1, made);
    }

    /** Every channel is convolved by itself, into one or more channels. */
    Tracked depthwise(Tracked x, int multiplier, Window window) {
        String name = name("depthwise");
        int out = x.width() * multiplier;
        int[] spread =
                IntStream.range(0, out).map(i -> x.labels()[i / multiplier]).toArray();
        truth.attach(name + ".weight", 0, spread);
        truth.attach(name + ".bias", 0, spread);
        return new Tracked(graph.conv(name, x.value(), out, window.groups(x.width())), 1, spread);
    }

    /** Two convolutions with one weight. */
    List<Tracked> convTwice(Tracked left, Tracked right, int out) {
        String name = name("shared");
        Window window = Window.same(3);
        int[] made = truth.fresh(out);
        String weight = graph.convWeight(name, left.width(), out, window, 2);
        truth.attach(weight, 0, made);
        truth.attach(weight, 1, left.labels());
        truth.attach(weight, 1, right.labels());
        return List.of(
                new Tracked(graph.conv(left.value(), weight, "", window), 1, made),
                new Tracked(graph.conv(right.value(), weight, "", window), 1, made));
    }

    Tracked bn(Tracked x) {
        String name = name("bn");
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
            truth.attach(name + "." + part, 0, x.labels());
        }
        return x.as(graph.bn(name, x.value()));
    }

    /** Over the last axis, which must be the one of channels. */
    Tracked layerNorm(Tracked x, boolean decomposed) {
        String name = name("norm");
        truth.attach(name + ".weight", 0, x.labels());
        truth.attach(name + ".bias", 0, x.labels());
        return x.as(decomposed ? graph.layerNormDecomposed(name, x.value()) : graph.layerNorm(name, x.value()));
    }

    /** Over the last axis, which must be the one of channels. */
    Tracked linear(Tracked x, int out) {
        String name = name("linear");
        int[] made = truth.fresh(out);
        truth.attach(name + ".weight", 0, x.labels());
        truth.attach(name + ".weight", 1, made);
        truth.attach(name + ".bias", 0, made);
        return new Tracked(graph.linear(name, x.value(), out), x.axis(), made);
    }

    /** For {@code [batch, channels]}. */
    Tracked gemm(Tracked x, int out) {
        String name = name("gemm");
        int[] made = truth.fresh(out);
        truth.attach(name + ".weight", 0, made);
        truth.attach(name + ".weight", 1, x.labels());
        truth.attach(name + ".bias", 0, made);
        return new Tracked(graph.gemm(name, x.value(), out), 1, made);
    }

    Tracked unary(String operator, Tracked x) {
        return x.as(graph.unary(operator, x.value()));
    }

    /** Element by element; channels at one index are one from then on. */
    Tracked binary(String operator, Tracked left, Tracked right) {
        truth.unite(left.labels(), right.labels());
        return left.as(graph.binary(operator, left.value(), right.value()));
    }

    /** Multiplied or added with a constant that has an extent of its own only along channels. */
    Tracked affine(String operator, Tracked x, int constantRank) {
        String name = name("affine");
        int axis = x.axis() - (graph.rank(x.value()) - constantRank);
        long[] shape = OperatorBuilder.repeat(1, constantRank);
        shape[axis] = x.width();
        truth.attach(name, axis, x.labels());
        return x.as(graph.binary(operator, x.value(), graph.uniform(name, 0.5, 1.5, shape)));
    }

    Tracked concat(Tracked left, Tracked right) {
        int[] all = IntStream.concat(IntStream.of(left.labels()), IntStream.of(right.labels()))
                .toArray();
        return new Tracked(graph.concat(left.axis(), left.value(), right.value()), left.axis(), all);
    }

    List<Tracked> split(Tracked x, int first) {
        List<String> parts = graph.split(x.value(), x.axis(), first, x.width() - first);
        return List.of(
                chosen(x, parts.get(0), LongStream.range(0, first).toArray()),
                chosen(x, parts.get(1), LongStream.range(first, x.width()).toArray()));
    }

    /** Some channels of a value; one that is alone stays, for an axis of extent 1 may stand for any number of channels. */
    private Tracked chosen(Tracked x, String value, long... indices) {
        Tracked chosen = new Tracked(value, x.axis(), x.at(indices));
        if (chosen.width() == 1) {
            truth.freeze(chosen.labels());
        }
        return chosen;
    }

    /** A step longer than 1 must stay what it is, so the channels that it steps over go together. */
    Tracked slice(Tracked x, int start, int end, int step) {
        int block = Math.abs(step);
        int[] firsts = IntStream.range(0, x.width())
                .map(i -> x.labels()[i - i % block])
                .toArray();
        truth.unite(x.labels(), firsts);
        long[] kept = IntStream.iterate(start, i -> step > 0 ? i < end : i > end, i -> i + step)
                .asLongStream()
                .toArray();
        long bound = step < 0 && end < 0 ? Long.MIN_VALUE : end;
        return chosen(x, graph.slice(x.value(), x.axis(), start, bound, step), kept);
    }

    Tracked gather(Tracked x, long... indices) {
        return chosen(x, graph.gather(x.value(), x.axis(), indices), indices);
    }

    Tracked transpose(Tracked x, long... order) {
        int axis = IntStream.range(0, order.length)
                .filter(i -> order[i] == x.axis())
                .findFirst()
                .orElseThrow();
        return new Tracked(graph.transpose(x.value(), order), axis, x.labels());
    }

    /** {@code [batch, ...]} into {@code [batch, everything]}. */
    Tracked flatten(Tracked x) {
        int after = 1;
        int before = 1;
        for (int axis = 1; axis < graph.rank(x.value()); axis++) {
            if (axis < x.axis()) {
                before *= (int) graph.extent(x.value(), axis);
            } else if (axis > x.axis()) {
                after *= (int) graph.extent(x.value(), axis);
            }
        }
        int period = x.width() * after;
        int inner = after;
        int[] flat = IntStream.range(0, before * period)
                .map(i -> x.labels()[i % period / inner])
                .toArray();
        return new Tracked(graph.flatten(x.value(), 1), 1, flat);
    }
}
