package io.espalier.graph.operator;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Convolutions whose window is deformed at each place: elements are read between positions, as offsets say, and multiplied with the weight
 * as matrices.
 */
final class DeformedWindows {

    private final Expansion e;
    private final Window window;
    private final long positions;
    private final long shared;
    private final long channels;

    private DeformedWindows(Expansion e) {
        this.e = e;
        this.window = Window.of(e.view(), e.shape(1));
        if (window.kernel().size() != 2) {
            throw new MisfitException("its images do not have two axes");
        }
        this.positions = window.positions().size();
        this.shared = e.node().intAttribute("offset_group", 1);
        this.channels = e.extent(0, 1);
    }

    /** An index along an axis of the images, and what an element there counts, as [batch, sharing channels, window and place]. */
    private record Neighbour(String index, String weight) {}

    static void convolve(Expansion e) {
        new DeformedWindows(e).expand();
    }

    private void expand() {
        String columns = columns();
        long groups = window.groups();
        long outputs = e.extent(1, 0);
        String flat = e.reshape(e.input(1), groups, outputs / groups, channels / groups * positions);
        String products = e.multiplyMatrices(flat, e.reshape(columns, 0, groups, channels / groups * positions, -1));
        String target = e.concatenate(0, e.extents(e.input(0), 0, 1), e.vector(outputs), e.extents(e.input(2), 2, 4));
        String result = e.reshapeTo(products, target);
        e.put(0, e.has(3) ? e.add(result, e.reshape(e.input(3), 1, outputs, 1, 1)) : result);
    }

    /** What the window reads at each place, as [batch, channels and window, place]. */
    private String columns() {
        List<Neighbour> rows = neighbours(0);
        List<Neighbour> lines = neighbours(1);
        String images = e.transpose(e.reshape(e.input(0), 0, shared, channels / shared, -1), 0, 1, 3, 2);
        List<String> read = new ArrayList<>();
        for (Neighbour row : rows) {
            for (Neighbour line : lines) {
                String index = e.add(e.multiply(row.index(), e.count(e.input(0), 3)), line.index());
                String tuple = e.unsqueeze(e.wide(index), -1);
                String elements = e.single(Nodes.gatherBlocksByExample(images, tuple, 2, ""));
                read.add(e.multiply(elements, e.unsqueeze(e.multiply(row.weight(), line.weight()), -1)));
            }
        }
        String all = read.stream().reduce(e::add).orElseThrow();
        if (e.has(4)) {
            all = e.multiply(all, e.unsqueeze(e.reshape(e.input(4), 0, shared, -1), -1));
        }
        String apart = e.reshape(all, 0, shared, positions, -1, channels / shared);
        return e.reshape(e.transpose(apart, 0, 1, 4, 2, 3), 0, channels * positions, -1);
    }

    /** The two neighbours along one axis of what is read at each position of the window and each place. */
    private List<Neighbour> neighbours(int axis) {
        String offsets = e.reshape(e.input(2), 0, shared, positions, 2, -1);
        String moved = e.add(e.gather(offsets, e.constantIndex(axis), 3), regular(axis));
        String position = e.reshape(moved, 0, shared, -1);
        String lower = Activations.unary(e, "Floor", position);
        String fraction = e.subtract(position, lower);
        String rest = e.subtract(e.scalar(1), fraction);
        return List.of(neighbour(lower, rest, axis), neighbour(e.add(lower, e.scalar(1)), fraction, axis));
    }

    /** One outside the image counts nothing. */
    private Neighbour neighbour(String index, String weight, int axis) {
        String last = e.subtract(e.count(e.input(0), axis + 2), e.scalar(1));
        String inside = e.single(Nodes.clip(index, e.scalar(0), last, ""));
        return new Neighbour(inside, e.multiply(weight, e.real(e.compute(Nodes::equal, inside, index))));
    }

    /** Where the window would read along one axis, as [window, place]. */
    private String regular(int axis) {
        double[] within = new double[Math.toIntExact(positions)];
        for (int i = 0; i < within.length; i++) {
            long step = window.positions().get(i)[axis];
            within[i] = step * window.dilations().get(axis) - window.pads().get(axis);
        }
        String count = e.reshape(e.extents(e.input(2), axis + 2, axis + 3));
        String numbers = e.real(e.compute("Range", List.of(e.constantIndex(0), count, e.constantIndex(1)), Map.of()));
        String starts = e.multiply(numbers, window.strides().get(axis));
        String along = axis == 0 ? e.unsqueeze(starts, 1) : starts;
        String places = e.reshape(e.compute(Nodes::expand, along, e.extents(e.input(2), 2, 4)), -1);
        return e.add(e.constant(Tensors.fromDoubles(DataType.FLOAT32, List.of(positions, 1L), within)), places);
    }
}
