package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that keep all elements and change only how they are indexed, and those that read a shape. */
final class ReshapingRules {

    private ReshapingRules() {}

    static void register(RuleTable table) {
        table.add(1, ReshapingRules::shape, "Shape");
        table.add(1, ReshapingRules::size, "Size");
        table.add(2, ReshapeRule::infer, "Reshape");
        table.add(1, ReshapingRules::flatten, "Flatten");
        table.add(1, ReshapingRules::squeeze, "Squeeze");
        table.add(1, ReshapingRules::unsqueeze, "Unsqueeze");
        table.add(1, ReshapingRules::transpose, "Transpose");
        table.add(1, ReshapingRules::depthToSpace, "DepthToSpace");
        table.add(1, ReshapingRules::spaceToDepth, "SpaceToDepth");
    }

    private static void shape(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        int start = bound(scope.node().intAttribute("start", 0), input.size());
        int end = bound(scope.node().intAttribute("end", input.size()), input.size());
        List<Dim> part = input.subList(start, Math.max(start, end));
        scope.put(0, Optional.of(DataType.INT64), List.of(Dim.of(part.size())), Optional.of(Content.vector(part)));
    }

    private static int bound(long position, int rank) {
        long counted = position < 0 ? position + rank : position;
        return (int) Math.max(0, Math.min(rank, counted));
    }

    private static void size(NodeScope scope) {
        Dim size = product(scope.shape(0));
        scope.put(0, Optional.of(DataType.INT64), List.of(), Optional.of(Content.scalar(Fraction.of(size))));
    }

    static Dim product(List<Dim> extents) {
        return extents.stream().reduce(Dim.ONE, Dim::times);
    }

    private static void flatten(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        long axis = scope.node().intAttribute("axis", 1);
        int cut = axis == input.size() ? input.size() : input.isEmpty() ? 0 : scope.position(axis, input.size());
        List<Dim> output = List.of(product(input.subList(0, cut)), product(input.subList(cut, input.size())));
        put(scope, output);
    }

    private static void squeeze(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        Optional<List<Long>> axes = axes(scope);
        if (axes.isEmpty()) {
            axesCount(scope)
                    .filter(count -> count <= input.size())
                    .ifPresent(count -> scope.put(0, scope.freshShape(0, input.size() - count)));
            return;
        }
        boolean all = !scope.has(1) && scope.node().intsAttribute("axes").isEmpty();
        List<Integer> gone = scope.positions(axes.get(), input.size());
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < input.size(); axis++) {
            Dim extent = input.get(axis);
            boolean named = gone.contains(axis);
            if (named && extent.isConstant() && !extent.is(1)) {
                throw scope.conflict("axis " + axis + " of extent " + extent + " cannot be squeezed");
            }
            if (!named && !(all && extent.is(1))) {
                output.add(extent);
            }
        }
        put(scope, output);
    }

    private static void unsqueeze(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        Optional<List<Long>> axes = axes(scope);
        if (axes.isEmpty()) {
            axesCount(scope).ifPresent(count -> scope.put(0, scope.freshShape(0, input.size() + count)));
            return;
        }
        int rank = input.size() + axes.get().size();
        List<Integer> added = scope.positions(axes.get(), rank);
        if (added.stream().distinct().count() != added.size()) {
            throw scope.conflict("the axes " + axes.get() + " repeat");
        }
        List<Dim> output = new ArrayList<>(input);
        added.stream().sorted().forEach(axis -> output.add(axis, Dim.ONE));
        put(scope, output);
    }

    private static Optional<List<Long>> axes(NodeScope scope) {
        return scope.has(1)
                ? scope.longs(1)
                : Optional.of(scope.node().intsAttribute("axes").orElse(List.of()));
    }

    private static Optional<Integer> axesCount(NodeScope scope) {
        return scope.knownShape(1)
                .filter(shape -> shape.size() == 1 && shape.get(0).isConstant())
                .map(shape -> (int) shape.get(0).constant());
    }

    private static void transpose(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        int rank = input.size();
        List<Long> order = scope.node()
                .intsAttribute("perm")
                .orElseGet(() -> IntStream.range(0, rank)
                        .mapToObj(axis -> (long) rank - 1 - axis)
                        .toList());
        List<Integer> axes = scope.positions(order, rank);
        if (axes.size() != rank || axes.stream().distinct().count() != rank) {
            throw scope.conflict("perm " + order + " is no permutation of rank " + rank);
        }
        List<Dim> output = axes.stream().map(input::get).toList();
        scope.put(0, scope.type(0), output, scope.content(0).map(content -> permuted(content, axes)));
        scope.count(scope.progression(0).flatMap(counted -> counted.transposed(axes)));
    }

    private static Content permuted(Content content, List<Integer> axes) {
        List<Long> shape = axes.stream().map(content.shape()::get).toList();
        return content.pick(shape, index -> {
            int[] target = Content.position(shape, index);
            int[] source = new int[target.length];
            for (int axis = 0; axis < target.length; axis++) {
                source[axes.get(axis)] = target[axis];
            }
            return Content.offset(content.shape(), source);
        });
    }

    private static void depthToSpace(NodeScope scope) {
        List<Dim> input = scope.shape(0, 4);
        Dim block = blockSize(scope);
        scope.put(
                0,
                List.of(
                        input.get(0),
                        input.get(1).floorDiv(block.times(block)),
                        input.get(2).times(block),
                        input.get(3).times(block)));
    }

    private static void spaceToDepth(NodeScope scope) {
        List<Dim> input = scope.shape(0, 4);
        Dim block = blockSize(scope);
        scope.put(
                0,
                List.of(
                        input.get(0),
                        input.get(1).times(block).times(block),
                        input.get(2).floorDiv(block),
                        input.get(3).floorDiv(block)));
    }

    private static Dim blockSize(NodeScope scope) {
        long block = scope.node().intAttribute("blocksize", 0);
        if (block < 1) {
            throw scope.conflict("the attribute blocksize is missing or not positive");
        }
        return Dim.of(block);
    }

    /** Puts an output that has the elements of the first input in another shape. */
    static void put(NodeScope scope, List<Dim> output) {
        Optional<List<Long>> small = Content.smallShape(output);
        Optional<Content> content = small.isPresent()
                ? scope.content(0)
                        .filter(found -> found.size() == Content.size(small.get()))
                        .map(found -> found.withShape(small.get()))
                : Optional.empty();
        scope.put(0, scope.type(0), output, content);
        scope.count(scope.progression(0).flatMap(counted -> counted.regrouped(scope.shape(0), output)));
    }
}
