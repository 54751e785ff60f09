package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Means of regions of images, read at points that lie evenly in each cell of a region, or the largest of what is read: as the operator is
 * defined, of the weighted elements around each point, not of their sums.
 */
final class AlignedRegions {

    /** What a point counts that is not there, where the largest is taken. */
    private static final double NEVER = -Float.MAX_VALUE;

    private final Expansion e;
    private final long ratio;
    private final boolean centred;
    private final boolean largest;

    private AlignedRegions(Expansion e) {
        this.e = e;
        this.ratio = e.node().intAttribute("sampling_ratio", 0);
        this.centred = e.node()
                .textAttribute("coordinate_transformation_mode", "half_pixel")
                .equals("half_pixel");
        this.largest = e.node().textAttribute("mode", "avg").equals("max");
    }

    /** A neighbour of each point along one axis, as [region, points]: its position, and its weight. */
    private record Neighbour(String position, String weight) {}

    /**
     * The points along one axis.
     *
     * @param neighbours the two neighbours of each point
     * @param seen 1 for points that count, 0 for others, as [region, points]; empty where all do
     * @param each how many points a cell has, as a vector of one number
     */
    private record Points(List<Neighbour> neighbours, String seen, String each) {}

    static void align(Expansion e) {
        AlignedRegions regions = new AlignedRegions(e);
        long height = e.node().intAttribute("output_height", 1);
        long width = e.node().intAttribute("output_width", 1);
        Points rows = regions.points(2, 1, height);
        Points columns = regions.points(3, 0, width);
        e.put(0, regions.cells(regions.read(rows, columns), rows, columns, height, width));
    }

    /**
     * The points along an axis of the images.
     *
     * @param first the coordinate of a region that says where it starts; the one two behind says where it ends
     */
    private Points points(int axis, int first, long cells) {
        String scale = e.scalar(e.node().realAttribute("spatial_scale", 1));
        String offset = e.scalar(centred ? 0.5 : 0);
        String start = e.subtract(e.multiply(coordinate(first), scale), offset);
        String end = e.subtract(e.multiply(coordinate(first + 2), scale), offset);
        String size = e.subtract(end, start);
        size = centred ? size : e.compute("Max", List.of(size, e.scalar(1)), Map.of());
        return ratio > 0 ? fixed(axis, start, size, cells) : adaptive(axis, start, size, cells);
    }

    /** As many points in each cell as the node says. */
    private Points fixed(int axis, String start, String size, long cells) {
        int count = Math.toIntExact(cells * ratio);
        float[] places = new float[count];
        for (int i = 0; i < count; i++) {
            places[i] = (i + 0.5f) / count;
        }
        String shares = e.constant(Tensors.floats(List.of(1L, (long) count), places));
        List<Neighbour> neighbours =
                neighbours(axis, e.add(start, e.multiply(size, shares)), e.scalar(largest ? 1 : 1.0 / ratio));
        return new Points(neighbours, "", e.vector(ratio));
    }

    /**
     * About one point for each element of a cell: as many are laid out everywhere as the largest region has, and those beyond the number
     * of a region do not count.
     */
    private Points adaptive(int axis, String start, String size, long cells) {
        String extent = e.unsqueeze(e.divide(size, e.scalar(cells)), 2);
        String count = Activations.unary(e, "Ceil", extent);
        String largestCount = e.wide(e.single(Nodes.largestOfAll(count, "")));
        String most = e.compute("Max", List.of(largestCount, e.constantIndex(1)), Map.of());
        String numbers = e.real(e.compute("Range", List.of(e.constantIndex(0), most, e.constantIndex(1)), Map.of()));
        String within = e.compute("Max", List.of(count, e.scalar(1)), Map.of());
        String place = e.divide(e.add(numbers, e.scalar(0.5)), within);
        String before = e.unsqueeze(start, 2);
        String position = e.add(before, e.multiply(extent, e.add(cells(cells), place)));
        String seen = e.real(e.compute(Nodes::greater, count, numbers));
        String all = e.compute(Nodes::expand, seen, e.vector(1, cells, 1));
        String weight = largest ? all : e.divide(all, within);
        List<Neighbour> neighbours = neighbours(axis, flat(position), flat(weight));
        return new Points(neighbours, flat(all), e.reshape(most, 1));
    }

    private String flat(String byCell) {
        return e.reshape(byCell, 0, -1);
    }

    /** The numbers of the cells along an axis, as [1, cells, 1]. */
    private String cells(long count) {
        double[] numbers = new double[Math.toIntExact(count)];
        Arrays.setAll(numbers, i -> i);
        return e.constant(Tensors.fromDoubles(DataType.FLOAT32, List.of(1L, count, 1L), numbers));
    }

    private List<Neighbour> neighbours(int axis, String position, String share) {
        String extent = e.count(e.input(0), axis);
        String last = e.subtract(extent, e.scalar(1));
        String inside = e.multiply(
                e.real(e.compute("GreaterOrEqual", List.of(position, e.scalar(-1)), Map.of())),
                e.real(e.compute("GreaterOrEqual", List.of(extent, position), Map.of())));
        String weight = e.multiply(inside, share);
        String limited = e.single(Nodes.clip(position, e.scalar(0), last, ""));
        String lower = Activations.unary(e, "Floor", limited);
        String fraction = e.subtract(limited, lower);
        String upper = e.compute(Nodes::minimum, e.add(lower, e.scalar(1)), last);
        return List.of(
                new Neighbour(lower, e.multiply(weight, e.subtract(e.scalar(1), fraction))),
                new Neighbour(upper, e.multiply(weight, fraction)));
    }

    /** One coordinate of each region, as [region, 1]. */
    private String coordinate(int which) {
        return e.gather(e.input(1), e.vector(which), 1);
    }

    /** What is read at each point, as [region, row, column, channel]. */
    private String read(Points rows, Points columns) {
        Dim channels = e.shape(0).get(1);
        String count = channels.isConstant() ? e.vector(channels.constant()) : e.extents(e.input(0), 1, 2);
        String flat = e.reshapeTo(e.transpose(e.input(0), 0, 2, 3, 1), e.concatenate(0, e.vector(-1), count));
        String images = e.unsqueeze(e.wide(e.input(2)), 1, 2);
        List<String> read = new ArrayList<>();
        for (Neighbour row : rows.neighbours()) {
            for (Neighbour column : columns.neighbours()) {
                String line = e.add(e.multiply(images, e.extents(e.input(0), 2, 3)), whole(row.position(), 2));
                String index = e.add(e.multiply(line, e.extents(e.input(0), 3, 4)), whole(column.position(), 1));
                String weight = e.multiply(e.unsqueeze(row.weight(), 2), e.unsqueeze(column.weight(), 1));
                read.add(e.multiply(e.gather(flat, index, 0), e.unsqueeze(weight, -1)));
            }
        }
        if (!largest) {
            return read.stream().reduce(e::add).orElseThrow();
        }
        String most = e.compute("Max", read, Map.of());
        if (rows.seen().isEmpty()) {
            return most;
        }
        String seen = e.multiply(e.unsqueeze(rows.seen(), 2, 3), e.unsqueeze(columns.seen(), 1, 3));
        return e.single(Nodes.where(Activations.positive(e, seen), most, e.scalar(NEVER), ""));
    }

    private String whole(String position, int axis) {
        return e.unsqueeze(e.wide(position), axis);
    }

    private String cells(String points, Points rows, Points columns, long height, long width) {
        String count = e.extents(points, 3, 4);
        String extents = e.concatenate(0, e.vector(-1, height), rows.each(), e.vector(width), columns.each(), count);
        String cells = e.reshapeTo(points, extents);
        if (!largest) {
            return e.transpose(e.sum(cells, false, 2, 4), 0, 3, 1, 2);
        }
        String most = e.compute(Nodes::largest, e.compute(Nodes::largest, cells, e.vector(2)), e.vector(4));
        String known = ratio > 0 ? most : e.where(Activations.above(e, most, e.scalar(NEVER)), most);
        return e.transpose(e.squeeze(known, 2, 4), 0, 3, 1, 2);
    }
}
