package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Gradients of interpolation, which is linear along each axis by itself whatever its mode. */
final class ResizeGradients {

    private ResizeGradients() {}

    static void resize(Backward b) {
        boolean region = resizesRegion(b);
        if (region && b.wants(1)) {
            throw new MisfitException("its region depends on what is differentiated by");
        }
        String gradient = b.gradient();
        int rank = b.rank(0);
        List<Long> axes = b.node()
                .intsAttribute("axes")
                .orElse(IntStream.range(0, rank).asLongStream().boxed().toList());
        for (int i = 0; i < axes.size(); i++) {
            int axis = NodeView.normalise(axes.get(i), rank);
            Dim before = b.shape(0).get(axis);
            Dim after = b.shapeOf(b.output(0)).get(axis);
            if (region || !before.equals(after)) {
                int place = i;
                gradient = AxisMatrix.back(
                        b, gradient, b.input(0), axis, identity -> b.single(along(b, identity, axis, place)));
            }
        }
        b.put(0, gradient);
    }

    private static boolean resizesRegion(Backward b) {
        String mode = b.node().textAttribute("coordinate_transformation_mode", "half_pixel");
        return mode.equals("tf_crop_and_resize");
    }

    /** The first axis of a square matrix resized. */
    private static Node along(Backward b, String identity, int axis, int place) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(b.node().attributes());
        attributes.remove("axes");
        attributes.remove("keep_aspect_ratio_policy");
        // What stands for points outside the region is a constant: it has no part in the gradient.
        attributes.remove("extrapolation_value");
        List<String> operands = new ArrayList<>(List.of(identity, resizesRegion(b) ? region(b, place) : ""));
        if (b.has(2)) {
            String scale = b.gather(b.input(2), b.vector(place), 0);
            operands.add(b.concatenate(0, scale, b.reshape(b.scalar(1), 1)));
        } else {
            String columns = b.extents(b.input(0), axis, axis + 1);
            operands.add("");
            operands.add(b.concatenate(0, b.extents(b.output(0), axis, axis + 1), columns));
        }
        return new Node(b.node().domain(), b.node().operator(), operands, List.of(""), attributes);
    }

    /** Start and end of the region along one axis, and the whole of a second one. */
    private static String region(Backward b, int place) {
        int axes = b.node().intsAttribute("axes").map(List::size).orElse(b.rank(0));
        String start = b.gather(b.input(1), b.vector(place), 0);
        String end = b.gather(b.input(1), b.vector(axes + place), 0);
        return b.concatenate(0, start, b.reshape(b.scalar(0), 1), end, b.reshape(b.scalar(1), 1));
    }
}
