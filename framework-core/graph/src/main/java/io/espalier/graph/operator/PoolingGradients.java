package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gradients of pools. */
final class PoolingGradients {

    private PoolingGradients() {}

    /** The largest elements know where they came from: positions in the whole operand. */
    static void largest(Backward b) {
        String positions = b.reshape(positions(b), -1);
        String arriving = b.reshape(b.gradient(), -1);
        String zeros = b.zeros(b.reshape(b.compute(Nodes::size, b.input(0)), 1));
        String written = b.single(Nodes.addElements(zeros, positions, arriving, 0, ""));
        b.put(0, b.reshapeLike(written, b.input(0)));
    }

    /** Positions counted by rows: a pool that counts them by columns is computed once more. */
    private static String positions(Backward b) {
        Node pool = b.node();
        if (pool.intAttribute("storage_order", 0) == 0) {
            return b.output(1);
        }
        String positions = b.fresh("positions");
        Node byRows =
                Node.of(pool.operator(), pool.inputs(), List.of(b.fresh("largest"), positions), pool.attributes());
        b.add(byRows.withAttribute("storage_order", new Attribute.Int(0)));
        return positions;
    }

    /** Pooling along one axis after the other gives the same means. */
    static void average(Backward b) {
        int spatial = b.rank(0) - 2;
        String gradient = b.gradient();
        for (int axis = 0; axis < spatial; axis++) {
            Node along = along(b.node(), axis, spatial);
            gradient = AxisMatrix.back(b, gradient, b.input(0), axis + 2, identity -> pooled(b, identity, along));
        }
        b.put(0, gradient);
    }

    /** The columns of a matrix pooled, each by itself. */
    private static String pooled(Backward b, String matrix, Node along) {
        String rows = b.unsqueeze(matrix, 0);
        return b.transpose(b.squeeze(b.single(along.withInput(0, rows)), 0), 1, 0);
    }

    /** The same pool along one of its axes. */
    private static Node along(Node pool, int axis, int axes) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(pool.attributes());
        for (String name : List.of("kernel_shape", "strides", "dilations", "pads")) {
            pool.intsAttribute(name).ifPresent(all -> {
                List<Long> own =
                        all.size() == axes ? List.of(all.get(axis)) : List.of(all.get(axis), all.get(axis + axes));
                attributes.put(name, new Attribute.Ints(own));
            });
        }
        return Node.of(pool.operator(), List.of(""), List.of(""), attributes);
    }

    /** The p-th root of the sum of p-th powers under the window. */
    static void norm(Expansion e) {
        double p = e.node().intAttribute("p", 2);
        double area = e.node().intsAttribute("kernel_shape").orElse(List.of()).stream()
                .mapToDouble(Long::doubleValue)
                .reduce(1, (x, y) -> x * y);
        String powers = e.power(Activations.unary(e, "Abs", e.input(0)), p);
        String mean = e.single(Nodes.averageWithPads(e.node(), powers, ""));
        e.put(0, e.power(e.multiply(mean, area), 1 / p));
    }
}
