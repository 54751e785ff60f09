package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.AXES;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.SHAPE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that keep all elements and change only how they are indexed, and those that read extents. */
public final class Reshaping {

    private Reshaping() {}

    static List<Builder> definitions() {
        return List.of(
                define(Nodes.RESHAPE)
                        .shape(2, Reshaping::reshape)
                        .roles(DATA, SHAPE)
                        .moves(Movement.RESHAPE)
                        .gradient(ReshapingGradients::regroup),
                define("Flatten")
                        .shape(1, Reshaping::flatten)
                        .moves(Movement.FLATTEN)
                        .gradient(ReshapingGradients::regroup),
                define("Squeeze")
                        .shape(1, Reshaping::squeeze)
                        .roles(DATA, AXES)
                        .moves(Movement.SQUEEZE)
                        .gradient(ReshapingGradients::regroup),
                define("Unsqueeze")
                        .shape(1, Reshaping::unsqueeze)
                        .roles(DATA, AXES)
                        .moves(Movement.UNSQUEEZE)
                        .gradient(ReshapingGradients::regroup),
                define("Transpose")
                        .shape(1, Reshaping::transpose)
                        .moves(Movement.TRANSPOSE)
                        .gradient(ReshapingGradients::transpose),
                define("DepthToSpace")
                        .notation(Reshaping::depthToSpace)
                        .shape(1, Reshaping::depthToSpace)
                        .gradient(ReshapingGradients::depthToSpace),
                define("SpaceToDepth")
                        .notation("x[n c (h #a) (w #b)] -> y[n (a b c) h w] | a=@blocksize, b=@blocksize")
                        .shape(1, Reshaping::spaceToDepth)
                        .gradient(ReshapingGradients::spaceToDepth),
                define("Shape")
                        .shape(1, Reshaping::shape)
                        .traits(Trait.READS_EXTENTS)
                        .moves(Movement.GENERATE),
                define("Size")
                        .shape(1, Reshaping::size)
                        .traits(Trait.READS_EXTENTS)
                        .moves(Movement.GENERATE));
    }

    private static Optional<String> depthToSpace(NodeView view) {
        boolean columnsFirst = view.node()
                .textAttribute("mode", "DCR")
                .toUpperCase(Locale.ROOT)
                .equals("CRD");
        String depth = columnsFirst ? "(c #a #b)" : "(#a #b c)";
        return Optional.of("x[n " + depth + " h w] -> y[n c (h a) (w b)] | a=@blocksize, b=@blocksize");
    }

    private static void reshape(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        Optional<Content> target = scope.content(1);
        if (target.isEmpty()) {
            unknownTarget(scope);
            return;
        }
        List<Optional<Dim>> wanted = wanted(scope, input, target.get());
        List<Integer> open = new ArrayList<>();
        Dim known = Dim.ONE;
        for (int axis = 0; axis < wanted.size(); axis++) {
            if (wanted.get(axis).isEmpty()) {
                open.add(axis);
            } else {
                known = known.times(wanted.get(axis).get());
            }
        }
        Dim total = Dims.product(input);
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < wanted.size(); axis++) {
            int position = axis;
            output.add(wanted.get(axis).orElseGet(() -> scope.fresh(0, position)));
        }
        if (open.isEmpty() && known.isConstant() && total.isConstant() && !known.equals(total)) {
            throw scope.conflict("the " + total + " elements of " + input + " do not fit " + output);
        }
        if (open.size() == 1 && !known.is(0)) {
            output.set(open.get(0), solved(scope, total, known));
        }
        put(scope, output);
    }

    private static void unknownTarget(NodeScope scope) {
        List<Dim> target = scope.shape(1, 1);
        if (target.get(0).isConstant()) {
            scope.put(0, scope.freshShape(0, (int) target.get(0).constant()));
        }
    }

    /** The extents the target asks for; empty where it says -1 or is not known. */
    private static List<Optional<Dim>> wanted(NodeScope scope, List<Dim> input, Content target) {
        boolean zeroIsZero = scope.node().intAttribute("allowzero", 0) == 1;
        List<Optional<Dim>> wanted = new ArrayList<>();
        for (Optional<Fraction> element : target.elements()) {
            int axis = wanted.size();
            Optional<Dim> extent = element.filter(Fraction::isInteger).map(Fraction::numerator);
            if (extent.isPresent() && extent.get().is(0) && !zeroIsZero) {
                if (axis >= input.size()) {
                    throw scope.conflict("the target copies axis " + axis + " of an input of rank " + input.size());
                }
                extent = Optional.of(input.get(axis));
            }
            wanted.add(extent.filter(found -> !found.is(-1)));
        }
        return wanted;
    }

    private static Dim solved(NodeScope scope, Dim total, Dim known) {
        if (total.isConstant() && known.isConstant() && total.constant() % known.constant() != 0) {
            throw scope.conflict(total + " elements cannot be divided by " + known);
        }
        return total.floorDiv(known);
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
        Dim size = Dims.product(scope.shape(0));
        scope.put(0, Optional.of(DataType.INT64), List.of(), Optional.of(Content.scalar(Fraction.of(size))));
    }

    private static void flatten(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        long axis = scope.node().intAttribute("axis", 1);
        int cut = axis == input.size() ? input.size() : input.isEmpty() ? 0 : scope.position(axis, input.size());
        List<Dim> output = List.of(Dims.product(input.subList(0, cut)), Dims.product(input.subList(cut, input.size())));
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
