package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One application of an operator while a graph is differentiated: what a {@link GradientRule} reads and writes.
 *
 * <p>A gradient has the shape of the value it belongs to. Used once; not thread-safe.
 */
public final class Backward extends Emitter {

    private final Map<Integer, String> arriving;
    private final Set<Integer> wanted;
    private final Map<Integer, String> found = new LinkedHashMap<>();
    private final Set<Integer> asked = new HashSet<>();
    private Node node;

    /**
     * Starts with an application.
     *
     * @param arriving gradients by outputs, by slot; those of the other outputs are zero
     * @param wanted slots of inputs whose gradient is asked for
     */
    public Backward(Emitter emitter, Node node, Map<Integer, String> arriving, Set<Integer> wanted) {
        super(emitter, "gradient/" + node.id());
        this.node = node;
        this.arriving = arriving;
        this.wanted = wanted;
    }

    /** The node, with the outputs that the rule has asked for. */
    public Node node() {
        return node;
    }

    /** The node with what is known of its values. */
    public NodeView view() {
        return new NodeView(node, shapes());
    }

    /** The gradients that were found, by slot of the input. */
    public Map<Integer, String> found() {
        return found;
    }

    /**
     * Checks that the rule has looked at all gradients that arrive.
     *
     * @throws MisfitException when it has not, and the gradients by the inputs would be wrong
     */
    public void requireAll() {
        arriving.keySet().stream()
                .filter(output -> !asked.contains(output))
                .findFirst()
                .ifPresent(output -> {
                    throw new MisfitException("the loss depends on its output " + output);
                });
    }

    /** The gradient by the first output. */
    String gradient() {
        return gradient(0).orElseThrow(() -> new MisfitException("the loss depends on another output than the first"));
    }

    /** The gradient by an output, empty when it is zero. */
    Optional<String> gradient(int output) {
        asked.add(output);
        return Optional.ofNullable(arriving.get(output));
    }

    /** Whether the gradient by an input is asked for. */
    boolean wants(int slot) {
        return wanted.contains(slot);
    }

    /** Whether an input is present. */
    boolean has(int slot) {
        return node.input(slot).isPresent();
    }

    /** The value in an input slot. */
    String input(int slot) {
        return node.input(slot).orElseThrow(() -> new MisfitException("input " + slot + " is missing"));
    }

    /** The value in an output slot; an output that the node does not have yet is added to it. */
    String output(int slot) {
        Optional<String> known = node.output(slot);
        if (known.isPresent()) {
            return known.get();
        }
        List<String> outputs = new ArrayList<>(node.outputs());
        while (outputs.size() <= slot) {
            outputs.add("");
        }
        outputs.set(slot, fresh(node.operator()));
        node = new Node(node.domain(), node.operator(), node.inputs(), outputs, node.attributes());
        return outputs.get(slot);
    }

    /** The shape of an input. */
    List<Dim> shape(int slot) {
        return shapeOf(input(slot));
    }

    /** The rank of an input. */
    int rank(int slot) {
        return shape(slot).size();
    }

    /** The numbers in an integer input. */
    long[] numbers(int slot) {
        return view().numbers(slot)
                .orElseThrow(() -> new MisfitException("what input " + slot + " holds is known at run time only"));
    }

    /** Hands over the gradient by an input. */
    void put(int slot, String gradient) {
        if (wants(slot)) {
            found.put(slot, gradient);
        }
    }

    /** Hands over the gradient by an input that was broadcast to the shape of the first output. */
    void putSummed(int slot, String gradient) {
        if (wants(slot)) {
            found.put(slot, summed(gradient, shapeOf(output(0)), input(slot)));
        }
    }
}
