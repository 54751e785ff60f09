package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One application of an operator while it is taken apart: what a {@link Decomposition} reads and writes. Used once. */
public final class Expansion extends Emitter {

    private final Node node;
    private final Map<Integer, String> made = new LinkedHashMap<>();

    /** Starts with an application. */
    public Expansion(Emitter emitter, Node node) {
        super(emitter, node.id());
        this.node = node;
    }

    /** The values that were made, by slot of the output. */
    public Map<Integer, String> made() {
        return made;
    }

    /**
     * Checks that every output which is read was made.
     *
     * @throws MisfitException when one was not
     */
    public void requireAll(Predicate<String> isRead) {
        for (int slot = 0; slot < node.outputs().size(); slot++) {
            if (!made.containsKey(slot) && isRead.test(node.outputs().get(slot))) {
                throw new MisfitException("its output " + slot + " is read, and nobody knows what it is made of");
            }
        }
    }

    Node node() {
        return node;
    }

    NodeView view() {
        return new NodeView(node, shapes());
    }

    boolean has(int slot) {
        return node.input(slot).isPresent();
    }

    /** The value in an input slot. */
    String input(int slot) {
        return node.input(slot).orElseThrow(() -> new MisfitException("input " + slot + " is missing"));
    }

    List<Dim> shape(int slot) {
        return shapeOf(input(slot));
    }

    int rank(int slot) {
        return shape(slot).size();
    }

    /** An extent of an input that must be known. */
    int extent(int slot, int axis) {
        Dim extent = shape(slot).get(axis);
        if (!extent.isConstant()) {
            throw new MisfitException("the extent of axis " + axis + " of '" + input(slot) + "' is open");
        }
        return Math.toIntExact(extent.constant());
    }

    /** The numbers in an integer input. */
    Optional<long[]> numbers(int slot) {
        return view().numbers(slot);
    }

    /** Hands over what an output is. */
    void put(int output, String value) {
        if (node.output(output).isPresent()) {
            made.put(output, value);
        }
    }
}
