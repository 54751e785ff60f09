package io.espalier.graph.operator;

import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.KnownValues;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A node together with what is known about its operands.
 *
 * @param node the node
 * @param shapes what is known of the values of the graph
 */
public record NodeView(Node node, KnownValues shapes) {

    /** Rank of an input, -1 when absent or unknown. */
    public int rank(int slot) {
        return shape(slot).map(List::size).orElse(-1);
    }

    /** Shape of an input, when present and known. */
    public Optional<List<Dim>> shape(int slot) {
        return node.input(slot).flatMap(shapes::shape);
    }

    /** Shape of an output, when present and known. */
    public Optional<List<Dim>> outputShape(int slot) {
        return node.output(slot).flatMap(shapes::shape);
    }

    /** Whether the shape of every input that is present and of the first output is known. */
    public boolean isKnown() {
        return IntStream.range(0, node.inputs().size())
                        .allMatch(slot -> node.input(slot).isEmpty() || rank(slot) >= 0)
                && (outputShape(0).isPresent() || node.output(0).isEmpty());
    }

    /** Ranks of all inputs, -1 when absent or unknown. */
    public List<Integer> ranks() {
        List<Integer> ranks = new ArrayList<>();
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            ranks.add(rank(slot));
        }
        return ranks;
    }

    /** Content of an integer input when all of it is a known number. */
    public Optional<long[]> numbers(int slot) {
        Optional<IntTensor> content = node.input(slot).flatMap(shapes::content);
        if (content.isEmpty()
                || !content.get().elements().stream()
                        .allMatch(
                                element -> element.isPresent() && element.get().isConstant())) {
            return Optional.empty();
        }
        return Optional.of(content.get().elements().stream()
                .mapToLong(element -> element.orElseThrow().constant())
                .toArray());
    }

    /**
     * An axis attribute made non-negative.
     *
     * @throws IllegalArgumentException when there is no such axis
     */
    public int axis(String attribute, long otherwise, int rank) {
        return position(node.intAttribute(attribute, otherwise), rank);
    }

    /**
     * A possibly negative axis made non-negative.
     *
     * @throws IllegalArgumentException when there is no such axis
     */
    static int position(long axis, int rank) {
        long position = axis < 0 ? axis + rank : axis;
        if (position < 0 || position >= rank) {
            throw new MisfitException("axis " + axis + " does not exist in rank " + rank);
        }
        return (int) position;
    }

    /** A possibly negative axis made non-negative. */
    public static int normalise(long axis, int rank) {
        return (int) (axis < 0 ? axis + rank : axis);
    }
}
