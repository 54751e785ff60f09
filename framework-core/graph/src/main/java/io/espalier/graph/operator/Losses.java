package io.espalier.graph.operator;

import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.Optional;

/** Losses in operators of the neutral graph. */
public final class Losses {

    private Losses() {}

    /**
     * The value whose softmax along its last axis a value is, past what only renames it.
     *
     * @return empty when the value is something else
     */
    public static Optional<String> logits(GraphIndex index, String value, int rank) {
        return index.producer(index.origin(value))
                .filter(Nodes::isSoftmax)
                .filter(node -> NodeView.normalise(node.intAttribute("axis", -1), rank) == rank - 1)
                .map(node -> node.inputs().get(0));
    }

    /**
     * Cross-entropy: the weighted sum over rows of -sum_c t_c log softmax(x)_c.
     *
     * @param logits rows of scores; the classes lie on the last axis
     * @param targets shares of the classes, of the same shape
     * @param weights a weight for each row, with an axis of extent 1 in the place of the classes
     */
    public static String crossEntropy(Emitter e, String logits, String targets, String weights) {
        Node shares = Nodes.logSoftmax(logits, -1, "");
        String rows = e.sum(e.multiply(targets, e.single(shares)), true, -1);
        return e.negate(total(e, e.multiply(rows, weights)));
    }

    /** 1 for the class with the largest score of each row, and 0 for the others; classes that share the largest share it. */
    public static String predicted(Emitter e, String logits) {
        String largest = e.single(Nodes.largest(logits, e.vector(-1), ""));
        String ties = e.real(e.compute(Nodes::equal, logits, largest));
        return e.divide(ties, e.sum(ties, true, -1));
    }

    /** The sum of all elements of the product of two values. */
    public static String projection(Emitter e, String value, String direction) {
        return total(e, e.multiply(value, direction));
    }

    private static String total(Emitter e, String value) {
        return e.single(Nodes.total(value, ""));
    }
}
