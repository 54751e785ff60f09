package io.espalier.graph.operator;

import io.espalier.graph.shape.KnownValues;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How a loop turns: which operands are its states and sequences, and what its body takes and returns for them.
 *
 * @param node the loop
 * @param body what one turn computes
 * @param counts whether the body takes the number of the turn and a condition before its states, and returns a condition before them
 * @param states number of values that a turn hands to the next
 * @param read the sequences that each turn reads a slice of
 * @param collected what each turn returns besides, put together along an axis
 */
public record Turns(Node node, Graph body, boolean counts, int states, List<Sequence> read, List<Sequence> collected) {

    private static final String SCAN = "Scan";

    /**
     * A value that turns read or write one slice after the other.
     *
     * @param axis where the slices lie; negative ones are counted from behind
     * @param backwards whether the first turn has the last slice
     */
    public record Sequence(long axis, boolean backwards) {}

    /** How a node turns; empty when it is no loop. */
    public static Optional<Turns> of(Node node) {
        boolean scans = node.qualifiedOperator().equals(SCAN);
        boolean turns = scans || node.qualifiedOperator().equals("Loop");
        return turns && node.attributes().get("body") instanceof Attribute.Body body
                ? Optional.of(of(node, body.graph(), scans))
                : Optional.empty();
    }

    private static Turns of(Node node, Graph body, boolean scans) {
        int sliced = scans ? Math.toIntExact(node.intAttribute("num_scan_inputs", 0)) : 0;
        int first = scans ? 0 : 2;
        int states = Math.max(0, node.inputs().size() - first - sliced);
        int collected = Math.max(0, body.outputs().size() - states - (scans ? 0 : 1));
        return new Turns(
                node,
                body,
                !scans,
                states,
                sequences(node, "scan_input_axes", "scan_input_directions", sliced),
                sequences(node, "scan_output_axes", "scan_output_directions", collected));
    }

    private static List<Sequence> sequences(Node node, String axes, String directions, int count) {
        List<Sequence> sequences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sequences.add(new Sequence(number(node, axes, i), number(node, directions, i) != 0));
        }
        return sequences;
    }

    private static long number(Node node, String attribute, int index) {
        return node.intsAttribute(attribute)
                .filter(all -> index < all.size())
                .map(all -> all.get(index))
                .orElse(0L);
    }

    /** Whether states are known to keep their extents from turn to turn. */
    public boolean isSteady(KnownValues shapes) {
        return IntStream.range(0, states).allMatch(state -> {
            Optional<List<Dim>> first = shapes.shape(first(state));
            String last = node.output(state).orElse(first(state));
            return first.isPresent() && first.equals(shapes.shape(last));
        });
    }

    /** The first value of a state. */
    public String first(int state) {
        return node.inputs().get((counts ? 2 : 0) + state);
    }

    /** A sequence that is read. */
    public String sequence(int which) {
        return node.inputs().get(states + which);
    }

    /** What the body calls the number of its turn. */
    public Optional<String> number() {
        return counts ? Optional.of(inside(0)) : Optional.empty();
    }

    /** What the body calls the condition that it is given. */
    public Optional<String> condition() {
        return counts ? Optional.of(inside(1)) : Optional.empty();
    }

    /** What the body calls a state when it begins. */
    public String before(int state) {
        return inside((counts ? 2 : 0) + state);
    }

    /** What the body calls a slice of a sequence. */
    public String slice(int which) {
        return inside(states + which);
    }

    private String inside(int slot) {
        return List.copyOf(body.inputs().keySet()).get(slot);
    }

    /** What the body calls a state when it ends. */
    public String after(int state) {
        return body.outputs().get((counts ? 1 : 0) + state);
    }

    /** What the body calls what it returns besides. */
    public String returned(int which) {
        return body.outputs().get((counts ? 1 : 0) + states + which);
    }

    /** The same loop that collects more, along a first axis. */
    public Node collecting(Graph longer, List<String> outputs) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.put("body", new Attribute.Body(longer));
        int count = outputs.size() - states;
        for (String name : List.of("scan_output_axes", "scan_output_directions")) {
            node.intsAttribute(name).ifPresent(given -> {
                List<Long> all = new ArrayList<>(given);
                all.addAll(Collections.nCopies(count - given.size(), 0L));
                attributes.put(name, new Attribute.Ints(all));
            });
        }
        return new Node(node.domain(), node.operator(), node.inputs(), outputs, attributes);
    }

    /**
     * A node that turns once for each slice of its sequences.
     *
     * @param operands first values of states, then sequences
     * @param read how the sequences are read, at least one
     * @param outputs last values of states, then what is collected
     */
    public static Node scan(
            Graph body, List<String> operands, List<Sequence> read, List<String> outputs, List<Sequence> collected) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("body", new Attribute.Body(body));
        attributes.put("num_scan_inputs", new Attribute.Int(read.size()));
        attributes.put("scan_input_axes", axes(read));
        attributes.put("scan_input_directions", directions(read));
        attributes.put("scan_output_axes", axes(collected));
        attributes.put("scan_output_directions", directions(collected));
        return Node.of(SCAN, operands, outputs, attributes);
    }

    private static Attribute axes(List<Sequence> sequences) {
        return new Attribute.Ints(sequences.stream().map(Sequence::axis).toList());
    }

    private static Attribute directions(List<Sequence> sequences) {
        return new Attribute.Ints(
                sequences.stream().map(each -> each.backwards() ? 1L : 0L).toList());
    }
}
