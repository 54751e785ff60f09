package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.SHAPE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that resample, crop and warp images. */
final class Vision {

    private Vision() {}

    static List<Builder> definitions() {
        return List.of(
                define("Resize")
                        .notation(Vision::resize)
                        .shape(1, ResizeShape::infer)
                        .roles(DATA, SHAPE, SHAPE, SHAPE)
                        .moves(Movement.RESIZE)
                        .gradient(ResizeGradients::resize),
                define("Upsample").shape(1, ResizeShape::infer).roles(DATA, SHAPE),
                define("RoiAlign")
                        .notation("x[#n c #*] r[k #f] i[k] -> y[k c ~h ~w]")
                        .shape(2, Vision::roiAlign)
                        .decomposes(AlignedRegions::align),
                define("GridSample")
                        .notation("x[n c #*] g[n #*g #t] -> y[n c ~*]")
                        .shape(2, Vision::gridSample)
                        .decomposes(SampledGrid::sample),
                define("AffineGrid").notation(NotationText::whole).shape(0, Vision::affineGrid),
                define("Col2Im")
                        .notation(Vision::columnsToImage)
                        .shape(1, Vision::columnsToImage)
                        .gradient(ImageGradients::columnsToImage),
                define("CenterCropPad")
                        .notation(Vision::crop)
                        .shape(1, Vision::centerCropPad)
                        .gradient(ImageGradients::crop));
    }

    /** Axes whose extent stays pass; the others are resampled. */
    private static Optional<String> resize(NodeView view) {
        Optional<List<Dim>> before = view.shape(0);
        Optional<List<Dim>> after = view.outputShape(0);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        List<String> axes = new ArrayList<>();
        for (int axis = 0; axis < before.get().size(); axis++) {
            boolean same = before.get().get(axis).equals(after.get().get(axis));
            axes.add((same ? "" : "~") + "a" + axis);
        }
        return Optional.of(operand("x", axes) + " _ _ _ -> " + operand("y", axes));
    }

    private static Optional<String> columnsToImage(NodeView view) {
        Optional<long[]> block = view.numbers(2);
        Optional<List<Dim>> image = view.outputShape(0);
        if (block.isEmpty() || image.isEmpty()) {
            return Optional.empty();
        }
        List<String> axes = new ArrayList<>(List.of("n", "c"));
        axes.addAll(letters("~s", image.get().size() - 2));
        long size = Arrays.stream(block.get()).reduce(1, Math::multiplyExact);
        return Optional.of("x[n (c #k) #l] _ _ -> " + operand("y", axes) + " | k=" + size);
    }

    /** Axes that are named are cut around their middle. */
    private static Optional<String> crop(NodeView view) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        List<Long> named = view.node()
                .intsAttribute("axes")
                .orElseGet(
                        () -> IntStream.range(0, rank).mapToObj(Long::valueOf).toList());
        List<String> before = letters("a", rank);
        List<String> after = letters("a", rank);
        for (long axis : named) {
            int place = NodeView.position(axis, rank);
            before.set(place, "#a" + place);
            after.set(place, "~b" + place);
        }
        return Optional.of(operand("x", before) + " _ -> " + operand("y", after));
    }

    private static void roiAlign(NodeScope scope) {
        List<Dim> input = scope.shape(0, 4);
        List<Dim> regions = scope.shape(1, 2);
        scope.put(
                0,
                List.of(
                        regions.get(0),
                        input.get(1),
                        Dim.of(scope.node().intAttribute("output_height", 1)),
                        Dim.of(scope.node().intAttribute("output_width", 1))));
    }

    private static void gridSample(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        List<Dim> grid = scope.shape(1, input.size());
        if (input.size() < 3) {
            throw scope.conflict("the input " + input + " has no spatial axis");
        }
        List<Dim> output = new ArrayList<>(input.subList(0, 2));
        output.addAll(grid.subList(1, grid.size() - 1));
        scope.put(0, output);
    }

    private static void affineGrid(NodeScope scope) {
        scope.extents(1).filter(size -> size.size() > 2).ifPresent(size -> {
            List<Dim> output = new ArrayList<>(List.of(size.get(0)));
            output.addAll(size.subList(2, size.size()));
            output.add(Dim.of(size.size() - 2));
            scope.put(0, output);
        });
    }

    private static void columnsToImage(NodeScope scope) {
        List<Dim> input = scope.shape(0, 3);
        Optional<Dim> block = scope.integers(2).map(Dims::product);
        Optional<List<Dim>> image = scope.extents(1);
        if (image.isEmpty()) {
            return;
        }
        List<Dim> output = new ArrayList<>();
        output.add(input.get(0));
        output.add(block.filter(size -> !size.is(0))
                .map(size -> input.get(1).floorDiv(size))
                .orElseGet(() -> scope.fresh(0, 1)));
        if (scope.integers(1).isPresent()) {
            output.addAll(scope.integers(1).get());
        } else {
            for (int axis = 0; axis < image.get().size(); axis++) {
                output.add(scope.fresh(0, axis + 2));
            }
        }
        scope.put(0, output);
    }

    private static void centerCropPad(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        List<Long> axes = scope.node().intsAttribute("axes").orElseGet(() -> {
            List<Long> all = new ArrayList<>();
            for (long axis = 0; axis < output.size(); axis++) {
                all.add(axis);
            }
            return all;
        });
        Optional<List<Dim>> target = scope.integers(1).filter(found -> found.size() == axes.size());
        List<Integer> positions = scope.positions(axes, output.size());
        for (int i = 0; i < positions.size(); i++) {
            int axis = positions.get(i);
            int position = i;
            output.set(axis, target.map(all -> all.get(position)).orElseGet(() -> scope.fresh(0, axis)));
        }
        scope.put(0, output);
    }
}
