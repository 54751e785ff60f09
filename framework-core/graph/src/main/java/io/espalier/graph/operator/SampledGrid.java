package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Elements of an image read at the points of a grid: the corners around each point are gathered, weighted and added. */
final class SampledGrid {

    private final Expansion e;
    private final int axes;
    private final boolean aligned;
    private final String padding;
    /** The extents of the image, as numbers. */
    private final List<String> extents = new ArrayList<>();

    private SampledGrid(Expansion e) {
        this.e = e;
        this.axes = e.rank(0) - 2;
        this.aligned = e.node().intAttribute("align_corners", 0) != 0;
        this.padding = e.node().textAttribute("padding_mode", "zeros");
        for (int axis = 0; axis < axes; axis++) {
            extents.add(e.count(e.input(0), axis + 2));
        }
    }

    /** A neighbour of a position: its index as a number, and its weight. */
    private record Corner(String index, String weight) {}

    static void sample(Expansion e) {
        String mode = e.node().textAttribute("mode", "linear");
        boolean nearest = mode.equals("nearest");
        boolean cubic = mode.equals("cubic") || mode.equals("bicubic");
        if (!nearest && !cubic && !mode.equals("linear") && !mode.equals("bilinear")) {
            throw new MisfitException("it interpolates in the mode '" + mode + "'");
        }
        SampledGrid grid = new SampledGrid(e);
        List<List<Corner>> corners = new ArrayList<>();
        for (int axis = 0; axis < grid.axes; axis++) {
            corners.add(
                    cubic
                            ? grid.surroundings(grid.place(axis), axis)
                            : nearest
                                    ? grid.nearest(grid.position(axis), axis)
                                    : grid.neighbours(grid.position(axis), axis));
        }
        e.put(0, grid.placed(grid.sum(corners)));
    }

    /** Where the points lie along an axis, counted in elements, as [batch, points]. Coordinates come last axis first. */
    private String place(int axis) {
        String coordinate = e.gather(e.input(1), e.constantIndex(axes - 1L - axis), axes + 1);
        String points = e.reshape(coordinate, 0, -1);
        String extent = extents.get(axis);
        String shifted = e.add(points, e.scalar(1));
        return aligned
                ? e.multiply(e.multiply(shifted, e.subtract(extent, e.scalar(1))), 0.5)
                : e.multiply(e.subtract(e.multiply(shifted, extent), e.scalar(1)), 0.5);
    }

    /** The same, moved into the image where elements outside stand for some inside. */
    private String position(int axis) {
        return inside(place(axis), axis);
    }

    private String inside(String position, int axis) {
        return switch (padding) {
            case "border" -> limited(position, axis);
            case "reflection" -> limited(reflected(position, axis), axis);
            default -> position;
        };
    }

    private String limited(String position, int axis) {
        return e.single(Nodes.clip(position, e.scalar(0), e.subtract(extents.get(axis), e.scalar(1)), ""));
    }

    /** Turned back at the borders, as often as needed. */
    private String reflected(String position, int axis) {
        double low = aligned ? 0 : -0.5;
        String span = aligned ? e.subtract(extents.get(axis), e.scalar(1)) : extents.get(axis);
        String distance = Activations.unary(e, "Abs", e.subtract(position, e.scalar(low)));
        String round = e.compute("Mod", List.of(distance, e.multiply(span, 2)), Map.of("fmod", new Attribute.Int(1)));
        String back = e.subtract(span, Activations.unary(e, "Abs", e.subtract(round, span)));
        return e.add(back, e.scalar(low));
    }

    private List<Corner> nearest(String position, int axis) {
        return List.of(corner(Activations.unary(e, "Round", position), e.scalar(1), axis));
    }

    private List<Corner> neighbours(String position, int axis) {
        String lower = Activations.unary(e, "Floor", position);
        String fraction = e.subtract(position, lower);
        return List.of(
                corner(lower, e.subtract(e.scalar(1), fraction), axis),
                corner(e.add(lower, e.scalar(1)), fraction, axis));
    }

    /** Two neighbours on either side, with cubic weights (Keys, 1981, with -3/4). */
    private List<Corner> surroundings(String position, int axis) {
        String lower = Activations.unary(e, "Floor", position);
        String fraction = e.subtract(position, lower);
        String rest = e.subtract(e.scalar(1), fraction);
        String[] weights = {far(e.add(fraction, e.scalar(1))), near(fraction), near(rest), far(e.add(rest, e.scalar(1)))
        };
        List<Corner> corners = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            corners.add(corner(inside(e.add(lower, e.scalar(i - 1)), axis), weights[i], axis));
        }
        return corners;
    }

    /** The weight of a neighbour less than 1 away: 5/4 d^3 - 9/4 d^2 + 1. */
    private String near(String distance) {
        String slope = e.subtract(e.multiply(distance, 1.25), e.scalar(2.25));
        return e.add(e.multiply(e.squared(distance), slope), e.scalar(1));
    }

    /** The weight of a neighbour 1 to 2 away: -3/4 (d^3 - 5 d^2 + 8 d - 4), which is -3/4 (d - 1) (d - 2)^2. */
    private String far(String distance) {
        String first = e.multiply(e.subtract(distance, e.scalar(1)), -0.75);
        return e.multiply(first, e.squared(e.subtract(distance, e.scalar(2))));
    }

    /** A corner outside the image counts nothing. */
    private Corner corner(String index, String weight, int axis) {
        String inside = limited(index, axis);
        String counts = e.real(e.compute(Nodes::equal, inside, index));
        return new Corner(inside, e.multiply(weight, counts));
    }

    /** The weighted sum of the elements at all corners, as [batch, points, channels]. */
    private String sum(List<List<Corner>> corners) {
        String images = e.transpose(e.reshape(e.input(0), 0, 0, -1), 0, 2, 1);
        List<Corner> all = List.of(new Corner(e.scalar(0), e.scalar(1)));
        for (int axis = 0; axis < axes; axis++) {
            List<Corner> finer = new ArrayList<>();
            for (Corner before : all) {
                for (Corner next : corners.get(axis)) {
                    String index = e.add(e.multiply(before.index(), extents.get(axis)), next.index());
                    finer.add(new Corner(index, e.multiply(before.weight(), next.weight())));
                }
            }
            all = finer;
        }
        return all.stream().map(corner -> taken(images, corner)).reduce(e::add).orElseThrow();
    }

    private String taken(String images, Corner corner) {
        String index = e.wide(corner.index());
        String elements = e.single(Nodes.gatherBlocksByExample(images, e.unsqueeze(index, -1), 1, ""));
        return e.multiply(elements, e.unsqueeze(corner.weight(), -1));
    }

    /** From [batch, points, channels] to channels of images of the extents of the grid. */
    private String placed(String points) {
        String target = e.concatenate(0, e.extents(e.input(0), 0, 2), e.extents(e.input(1), 1, axes + 1));
        return e.reshapeTo(e.transpose(points, 0, 2, 1), target);
    }
}
