package io.espalier.graph.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Image operators: resizing, sampling, regions, blocks of columns. */
final class VisionRules {

    private VisionRules() {}

    static void register(RuleTable table) {
        table.add(1, ResizeRule::infer, "Resize", "Upsample");
        table.add(2, VisionRules::roiAlign, "RoiAlign");
        table.add(2, VisionRules::gridSample, "GridSample");
        table.add(0, VisionRules::affineGrid, "AffineGrid");
        table.add(1, VisionRules::columnsToImage, "Col2Im");
        table.add(1, VisionRules::centerCropPad, "CenterCropPad");
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
        GeneratorRules.target(scope, 1).filter(size -> size.size() > 2).ifPresent(size -> {
            List<Dim> output = new ArrayList<>(List.of(size.get(0)));
            output.addAll(size.subList(2, size.size()));
            output.add(Dim.of(size.size() - 2));
            scope.put(0, output);
        });
    }

    private static void columnsToImage(NodeScope scope) {
        List<Dim> input = scope.shape(0, 3);
        Optional<Dim> block = scope.integers(2).map(ReshapingRules::product);
        Optional<List<Dim>> image = GeneratorRules.target(scope, 1);
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
