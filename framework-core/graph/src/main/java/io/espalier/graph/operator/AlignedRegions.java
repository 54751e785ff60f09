package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Means of regions of images, read at points that lie evenly in each cell of a region, or the largest of what is read: as the operator is
 * defined, of the weighted elements around each point, not of their sums.
 */
final class AlignedRegions {

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
        if (ratio < 1) {
            throw new MisfitException("how many points it reads follows from its regions");
        }
        this.largest = e.node().textAttribute("mode", "avg").equals("max");
    }

    /** A neighbour of each point along one axis, as [region, points]: its position, and its weight. */
    private record Neighbour(String position, String weight) {}

    static void align(Expansion e) {
        AlignedRegions regions = new AlignedRegions(e);
        long height = e.node().intAttribute("output_height", 1);
        long width = e.node().intAttribute("output_width", 1);
        List<Neighbour> rows = regions.neighbours(2, 1, height);
        List<Neighbour> columns = regions.neighbours(3, 0, width);
        e.put(0, regions.cells(regions.points(rows, columns), height, width));
    }

    /**
     * The two neighbours of each point along an axis of the images.
     *
     * @param first the coordinate of a region that says where it starts; the one two behind says where it ends
     */
    private List<Neighbour> neighbours(int axis, int first, long cells) {
        String scale = e.scalar(e.node().realAttribute("spatial_scale", 1));
        String offset = e.scalar(centred ? 0.5 : 0);
        String start = e.subtract(e.multiply(coordinate(first), scale), offset);
        String end = e.subtract(e.multiply(coordinate(first + 2), scale), offset);
        String size = e.subtract(end, start);
        size = centred ? size : e.compute("Max", List.of(size, e.scalar(1)), Map.of());
        String position = e.add(start, e.multiply(size, places(cells)));
        String extent = e.count(e.input(0), axis);
        String last = e.subtract(extent, e.scalar(1));
        String inside = e.multiply(
                e.real(e.compute("GreaterOrEqual", List.of(position, e.scalar(-1)), Map.of())),
                e.real(e.compute("GreaterOrEqual", List.of(extent, position), Map.of())));
        String limited = e.single(Nodes.clip(position, e.scalar(0), last, ""));
        String lower = Activations.unary(e, "Floor", limited);
        String fraction = e.subtract(limited, lower);
        String upper = e.compute(Nodes::minimum, e.add(lower, e.scalar(1)), last);
        return List.of(
                new Neighbour(lower, e.multiply(inside, e.subtract(e.scalar(1), fraction))),
                new Neighbour(upper, e.multiply(inside, fraction)));
    }

    /** One coordinate of each region, as [region, 1]. */
    private String coordinate(int which) {
        return e.gather(e.input(1), e.vector(which), 1);
    }

    /** Where points lie in a region, as shares of its extent. */
    private String places(long cells) {
        int count = Math.toIntExact(cells * ratio);
        float[] places = new float[count];
        for (int i = 0; i < count; i++) {
            places[i] = (i + 0.5f) / count;
        }
        return e.constant(Tensors.floats(List.of(1L, (long) count), places));
    }

    /** What is read at each point, as [region, row, column, channel]. */
    private String points(List<Neighbour> rows, List<Neighbour> columns) {
        Dim channels = e.shape(0).get(1);
        String count = channels.isConstant() ? e.vector(channels.constant()) : e.extents(e.input(0), 1, 2);
        String flat = e.reshapeTo(e.transpose(e.input(0), 0, 2, 3, 1), e.concatenate(0, e.vector(-1), count));
        String images = e.unsqueeze(e.wide(e.input(2)), 1, 2);
        List<String> read = new ArrayList<>();
        for (Neighbour row : rows) {
            for (Neighbour column : columns) {
                String line = e.add(e.multiply(images, e.extents(e.input(0), 2, 3)), whole(row.position(), 2));
                String index = e.add(e.multiply(line, e.extents(e.input(0), 3, 4)), whole(column.position(), 1));
                String weight = e.multiply(e.unsqueeze(row.weight(), 2), e.unsqueeze(column.weight(), 1));
                read.add(e.multiply(e.gather(flat, index, 0), e.unsqueeze(weight, -1)));
            }
        }
        return largest
                ? e.compute("Max", read, Map.of())
                : read.stream().reduce(e::add).orElseThrow();
    }

    private String whole(String position, int axis) {
        return e.unsqueeze(e.wide(position), axis);
    }

    private String cells(String points, long height, long width) {
        String count = e.extents(points, 3, 4);
        String cells = e.reshapeTo(points, e.concatenate(0, e.vector(-1, height, ratio, width, ratio), count));
        if (largest) {
            String most = e.compute(Nodes::largest, e.compute(Nodes::largest, cells, e.vector(2)), e.vector(4));
            return e.transpose(e.squeeze(most, 2, 4), 0, 3, 1, 2);
        }
        String sums = e.multiply(e.sum(cells, false, 2, 4), 1.0 / (ratio * ratio));
        return e.transpose(sums, 0, 3, 1, 2);
    }
}
