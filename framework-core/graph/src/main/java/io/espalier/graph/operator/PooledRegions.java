package io.espalier.graph.operator;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The largest elements in the cells of regions of images: cells that overlap by up to one element, first of rows, then of columns. */
final class PooledRegions {

    /** What counts as nothing. */
    private static final double NEVER = -Float.MAX_VALUE;

    private final Expansion e;

    private PooledRegions(Expansion e) {
        this.e = e;
    }

    static void largest(Expansion e) {
        PooledRegions regions = new PooledRegions(e);
        List<Long> cells = e.node().intsAttribute("pooled_shape").orElseThrow();
        String images = e.gather(e.input(0), e.squeeze(e.wide(regions.coordinate(0)), 1), 0);
        String rows = e.unsqueeze(regions.inside(2, 2, cells.get(0)), 1, 4);
        String columns = e.unsqueeze(regions.inside(3, 1, cells.get(1)), 1, 2);
        String byColumn = regions.largest(columns, e.unsqueeze(images, 3), 4);
        String byCell = regions.largest(rows, e.unsqueeze(byColumn, 2), 3);
        e.put(0, e.where(Activations.above(e, byCell, e.scalar(NEVER)), byCell));
    }

    private String largest(String inside, String value, long axis) {
        String seen = e.single(Nodes.where(inside, value, e.scalar(NEVER), ""));
        return e.squeeze(e.compute(Nodes::largest, seen, e.vector(axis)), axis);
    }

    /**
     * Whether each position of an axis of the images lies in each cell, as [region, cell, position].
     *
     * @param first the coordinate of a region that says where it starts; the one two behind says where it ends
     */
    private String inside(int axis, int first, long cells) {
        String start = rounded(first);
        String length = e.add(e.subtract(rounded(first + 2), start), e.scalar(1));
        String cell = e.divide(e.compute("Max", List.of(length, e.scalar(1)), Map.of()), e.scalar(cells));
        String from = e.add(start, Activations.unary(e, "Floor", e.multiply(cell, numbers(cells, 0))));
        String to = e.add(start, Activations.unary(e, "Ceil", e.multiply(cell, numbers(cells, 1))));
        String extent = e.squeeze(e.extents(e.input(0), axis, axis + 1), 0);
        String positions =
                e.real(e.compute("Range", List.of(e.constantIndex(0), extent, e.constantIndex(1)), Map.of()));
        String behindStart = e.compute("GreaterOrEqual", List.of(positions, e.unsqueeze(from, 2)), Map.of());
        return e.compute(
                "And", List.of(behindStart, e.compute(Nodes::greater, e.unsqueeze(to, 2), positions)), Map.of());
    }

    /** As [1, cells]. */
    private String numbers(long cells, int first) {
        double[] numbers = new double[Math.toIntExact(cells)];
        Arrays.setAll(numbers, i -> i + first);
        return e.constant(Tensors.fromDoubles(DataType.FLOAT32, List.of(1L, cells), numbers));
    }

    /** A coordinate in the units of the images: halves are rounded away from zero. */
    private String rounded(int which) {
        String scaled = e.multiply(coordinate(which), e.node().realAttribute("spatial_scale", 1));
        String size = Activations.unary(e, "Floor", e.add(Activations.unary(e, "Abs", scaled), e.scalar(0.5)));
        return e.multiply(size, Activations.unary(e, "Sign", scaled));
    }

    /** One coordinate of each region, as [region, 1]. */
    private String coordinate(int which) {
        return e.gather(e.input(1), e.vector(which), 1);
    }
}
