package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Loops that turn a known number of times, one turn written after the other. */
final class UnrolledLoops {

    /** Beyond so many nodes a loop stays one. */
    private static final long MOST_NODES = 50_000;

    private final Expansion e;
    private final Graph body;
    private final List<String> inside;

    /** The values that one turn hands to the next. */
    private List<String> states;
    /** What each turn has returned besides. */
    private final List<List<String>> returned = new ArrayList<>();

    private UnrolledLoops(Expansion e, List<String> states) {
        this.e = e;
        this.states = states;
        if (!(e.node().attributes().get("body") instanceof Attribute.Body own)) {
            throw new MisfitException("it has no body");
        }
        this.body = own.graph();
        this.inside = List.copyOf(body.inputs().keySet());
    }

    static void loop(Expansion e) {
        List<String> operands = e.node().inputs();
        List<String> first = operands.subList(Math.min(2, operands.size()), operands.size());
        UnrolledLoops loop = new UnrolledLoops(e, first);
        int sequences = loop.body.outputs().size() - 1 - first.size();
        require(sequences >= 0 && loop.inside.size() == first.size() + 2, "its body does not fit it");
        long turns = e.has(0)
                ? e.numbers(0).filter(all -> all.length == 1).map(all -> all[0]).orElse(-1L)
                : -1L;
        require(turns >= 0 && loop.turnsAlways(), "how often it turns is known at run time only");
        loop.requireFew(turns);
        String on = e.constant(Tensors.fromDoubles(DataType.BOOL, List.of(), 1));
        for (long turn = 0; turn < turns; turn++) {
            Map<String, String> given = new HashMap<>();
            given.put(loop.inside.get(0), e.constantIndex(turn));
            given.put(loop.inside.get(1), on);
            List<String> results = loop.turn(given, 2);
            loop.take(results.subList(1, results.size()));
        }
        loop.hand(Collections.nCopies(sequences, 0L), Collections.nCopies(sequences, 0L));
    }

    static void scan(Expansion e) {
        int sliced = Math.toIntExact(e.node().intAttribute("num_scan_inputs", 0));
        int states = e.node().inputs().size() - sliced;
        require(sliced > 0 && states >= 0, "its body does not fit it");
        UnrolledLoops scan = new UnrolledLoops(e, e.node().inputs().subList(0, states));
        int sequences = scan.body.outputs().size() - states;
        require(sequences >= 0 && scan.inside.size() == states + sliced, "its body does not fit it");
        List<Long> axes = numbers(e.node(), "scan_input_axes", sliced);
        int length = e.extent(states, scan.axis(states, axes.get(0)));
        scan.requireFew(length);
        List<List<String>> slices = new ArrayList<>();
        List<Long> backwards = numbers(e.node(), "scan_input_directions", sliced);
        for (int i = 0; i < sliced; i++) {
            List<String> parts = scan.slices(states + i, scan.axis(states + i, axes.get(i)), length);
            slices.add(backwards.get(i) != 0 ? reversed(parts) : parts);
        }
        for (int turn = 0; turn < length; turn++) {
            Map<String, String> given = new HashMap<>();
            for (int i = 0; i < sliced; i++) {
                given.put(scan.inside.get(states + i), slices.get(i).get(turn));
            }
            scan.take(scan.turn(given, 0));
        }
        scan.hand(
                numbers(e.node(), "scan_output_axes", sequences),
                numbers(e.node(), "scan_output_directions", sequences));
    }

    /**
     * Writes one turn.
     *
     * @param given what takes the place of inputs of the body other than states
     * @param first the first input of the body that is a state
     */
    private List<String> turn(Map<String, String> given, int first) {
        for (int i = 0; i < states.size(); i++) {
            given.put(inside.get(first + i), states.get(i));
        }
        return BodyCopy.add(e, body, given);
    }

    private void take(List<String> results) {
        returned.add(results.subList(states.size(), results.size()));
        states = results.subList(0, states.size());
    }

    /** Whether nothing but the number of turns ends the loop. */
    private boolean turnsAlways() {
        boolean begins = !e.has(1) || isTrue(e.input(1));
        return begins && continues(body.outputs().get(0));
    }

    /** Whether a condition of the body is true, or the one that it was given. */
    private boolean continues(String condition) {
        if (condition.equals(inside.get(1)) || isTrue(condition)) {
            return true;
        }
        return body.nodes().stream()
                .filter(node -> node.outputs().contains(condition))
                .anyMatch(node ->
                        (node.operator().equals("Identity") || node.operator().equals("Cast"))
                                && continues(node.inputs().get(0)));
    }

    private boolean isTrue(String condition) {
        return e.shapes()
                .content(condition)
                .flatMap(content -> content.known())
                .filter(known -> known.size() == 1
                        && known.get(0).isConstant()
                        && !known.get(0).equals(Dim.ZERO))
                .isPresent();
    }

    private void requireFew(long turns) {
        require(turns > 0, "it does not turn");
        require(turns * nodes(body) <= MOST_NODES, "written out it would have " + turns * nodes(body) + " nodes");
    }

    private static long nodes(Graph graph) {
        return graph.nodes().stream()
                .mapToLong(node -> 1
                        + node.bodies().stream().mapToLong(UnrolledLoops::nodes).sum())
                .sum();
    }

    private List<String> slices(int slot, int axis, int length) {
        require(e.extent(slot, axis) == length, "its sequences differ in length");
        if (length == 1) {
            return List.of(e.squeeze(e.input(slot), axis));
        }
        List<String> parts =
                IntStream.range(0, length).mapToObj(i -> e.fresh("slice")).toList();
        long[] ones = new long[length];
        Arrays.fill(ones, 1);
        e.add(Nodes.split(e.input(slot), e.vector(ones), axis, parts));
        return parts.stream().map(part -> e.squeeze(part, axis)).toList();
    }

    private int axis(int slot, long axis) {
        return NodeView.position(axis, e.rank(slot));
    }

    /** Hands over the last states, and what each turn returned along a new axis. */
    private void hand(List<Long> axes, List<Long> backwards) {
        for (int i = 0; i < states.size(); i++) {
            e.put(i, states.get(i));
        }
        for (int i = 0; i < axes.size(); i++) {
            int axis = Math.toIntExact(axes.get(i));
            int which = i;
            List<String> parts = returned.stream()
                    .map(turn -> e.unsqueeze(turn.get(which), axis))
                    .toList();
            List<String> ordered = backwards.get(i) != 0 ? reversed(parts) : parts;
            e.put(states.size() + i, e.concatenate(axis, ordered.toArray(String[]::new)));
        }
    }

    private static List<String> reversed(List<String> parts) {
        List<String> reversed = new ArrayList<>(parts);
        Collections.reverse(reversed);
        return reversed;
    }

    private static List<Long> numbers(Node node, String attribute, int count) {
        return node.intsAttribute(attribute).orElse(Collections.nCopies(count, 0L));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MisfitException(otherwise);
        }
    }
}
