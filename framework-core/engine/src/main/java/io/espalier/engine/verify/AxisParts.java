package io.espalier.engine.verify;

import io.espalier.graph.operator.Nodes;
import io.espalier.spi.graph.GraphRewriter;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Divides axes of a value into parts and joins them again, whatever the extents of its other axes turn out to be. */
final class AxisParts {

    private final GraphRewriter rewriter;
    private final List<Node> nodes;
    private final int rank;

    /**
     * Adds nodes and constants to a graph.
     *
     * @param rewriter gives names and takes the constants
     * @param nodes takes the nodes
     * @param rank rank of the undivided value
     */
    AxisParts(GraphRewriter rewriter, List<Node> nodes, int rank) {
        this.rewriter = rewriter;
        this.nodes = nodes;
        this.rank = rank;
    }

    /**
     * Divides axes.
     *
     * @param name name of the divided value, which nothing has
     * @param divided extents of the parts by axis, with -1 for at most one unknown extent in all
     * @return the divided value; the value itself when nothing is divided
     */
    String divide(String value, String name, Map<Integer, List<Long>> divided) {
        if (divided.isEmpty()) {
            return value;
        }
        reshape(value, value, name, divided);
        return name;
    }

    /** Gives a divided value the shape of another again. */
    void restore(String divided, String like, String name) {
        String shape = rewriter.fresh(name + "/shape");
        nodes.add(Nodes.extents(like, shape));
        nodes.add(Nodes.reshape(divided, shape, name));
    }

    /** Joins the parts of one axis; the other axes are those of the undivided value. */
    void join(String divided, String like, int axis, String name) {
        reshape(divided, like, name, Map.of(axis, List.of(-1L)));
    }

    private void reshape(String value, String like, String name, Map<Integer, List<Long>> extents) {
        List<String> pieces = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            String wish = name + "/extent" + axis;
            if (extents.containsKey(axis)) {
                long[] parts =
                        extents.get(axis).stream().mapToLong(Long::longValue).toArray();
                pieces.add(rewriter.constant(wish, Tensors.vector(parts)));
            } else {
                String piece = rewriter.fresh(wish);
                pieces.add(piece);
                nodes.add(Nodes.extents(like, axis, axis + 1, piece));
            }
        }
        String target = rewriter.fresh(name + "/target");
        nodes.add(Nodes.concatenate(pieces, 0, target));
        nodes.add(Nodes.reshape(value, target, name));
    }
}
