package io.espalier.graph.flow;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands for an {@code If}, {@code Loop} or {@code Scan} in a flat graph: nodes of the same operator that carry one
 * value each into a body or out of it.
 *
 * @param before links that come before the nodes of the bodies
 * @param bodies the bodies whose nodes take part
 * @param after links that come after them
 */
public record ControlFlowEdges(List<Node> before, List<Graph> bodies, List<Node> after) {

    /** Says what a link does; a node with bodies has no such attribute. */
    private static final String PART = "link";

    private static final String NODE = "node";
    private static final String SLOT = "slot";

    /** What a link does. */
    public enum Part {
        /** Makes the number of a turn and the condition, from the number of turns and the first condition. */
        TURN,
        /** Hands the first value of a state to the body. */
        ENTER,
        /** Hands one slice along an axis of a sequence to the body. */
        SLICE,
        /** Hands on what a branch returns, or the last value of a state: operands are all it may be. */
        LEAVE,
        /** Stacks what each turn returns along a new axis. */
        COLLECT
    }

    /** Whether a node is a link. */
    public static boolean isLink(Node node) {
        return node.attributes().containsKey(PART);
    }

    /** What a link does. */
    public static Optional<Part> part(Node node) {
        return isLink(node) ? Optional.of(Part.valueOf(node.textAttribute(PART, ""))) : Optional.empty();
    }

    /** Whether an operand of a link says which branch is taken, or how often a body runs. */
    public static boolean decidesCourse(Node link, int slot) {
        return part(link)
                .map(part -> part == Part.TURN
                        || part == Part.LEAVE && link.operator().equals("If") && slot == 0)
                .orElse(false);
    }

    /** Whether an operand of a node can be exchanged; what a body returns is no operand of anything. */
    public static boolean isReplaceable(Node node, int slot) {
        boolean handsOn = part(node)
                .map(part -> part == Part.LEAVE || part == Part.COLLECT)
                .orElse(false);
        return !handsOn || decidesCourse(node, slot);
    }

    static Edit.SetInput unflattened(Node link, Edit.SetInput edit) {
        int slot = Math.toIntExact(link.intAttribute(SLOT, -1)) + edit.slot();
        return new Edit.SetInput(link.textAttribute(NODE, ""), slot, edit.name(), edit.value());
    }

    /** The links of a node; empty when it has no bodies, or bodies that do not fit it. */
    static Optional<ControlFlowEdges> of(Node node, Optional<Boolean> taken) {
        return switch (node.qualifiedOperator()) {
            case "If" -> ofIf(node, taken);
            case "Loop" -> body(node, "body").flatMap(body -> ofLoop(node, body));
            case "Scan" -> body(node, "body").flatMap(body -> ofScan(node, body));
            default -> Optional.empty();
        };
    }

    private static Optional<Graph> body(Node node, String attribute) {
        return node.attributes().get(attribute) instanceof Attribute.Body body
                ? Optional.of(body.graph())
                : Optional.empty();
    }

    private static Optional<ControlFlowEdges> ofIf(Node node, Optional<Boolean> taken) {
        List<Graph> branches = new ArrayList<>();
        if (taken.orElse(true)) {
            body(node, "then_branch").ifPresent(branches::add);
        }
        if (!taken.orElse(false)) {
            body(node, "else_branch").ifPresent(branches::add);
        }
        int count = node.outputs().size();
        if (branches.size() != (taken.isPresent() ? 1 : 2)
                || branches.stream().anyMatch(branch -> branch.outputs().size() != count)) {
            return Optional.empty();
        }
        List<Node> after = new ArrayList<>();
        for (int slot = 0; slot < count; slot++) {
            List<String> read = new ArrayList<>(List.of(node.inputs().get(0)));
            for (Graph branch : branches) {
                read.add(branch.outputs().get(slot));
            }
            after.add(link(node, Part.LEAVE, 0, read, output(node, slot), Map.of()));
        }
        return Optional.of(new ControlFlowEdges(List.of(), branches, after));
    }

    private static Optional<ControlFlowEdges> ofLoop(Node node, Graph body) {
        List<String> inside = List.copyOf(body.inputs().keySet());
        int states = inside.size() - 2;
        int collected = body.outputs().size() - 1 - states;
        if (states < 0 || collected < 0 || node.inputs().size() != states + 2) {
            return Optional.empty();
        }
        List<Node> before = new ArrayList<>();
        before.add(link(node, Part.TURN, 0, node.inputs().subList(0, 2), inside.subList(0, 2), Map.of()));
        for (int i = 0; i < states; i++) {
            before.add(enter(node, i + 2, inside.get(i + 2)));
        }
        String condition = body.outputs().get(0);
        List<Node> after = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            after.add(leave(node, i, inside.get(i + 2), List.of(body.outputs().get(i + 1), condition)));
        }
        for (int i = 0; i < collected; i++) {
            List<String> read = List.of(body.outputs().get(states + 1 + i), condition);
            after.add(link(node, Part.COLLECT, 0, read, output(node, states + i), Map.of()));
        }
        return Optional.of(new ControlFlowEdges(before, List.of(body), after));
    }

    private static Optional<ControlFlowEdges> ofScan(Node node, Graph body) {
        List<String> inside = List.copyOf(body.inputs().keySet());
        int sliced = Math.toIntExact(node.intAttribute("num_scan_inputs", 0));
        int states = inside.size() - sliced;
        int collected = body.outputs().size() - states;
        if (states < 0 || collected < 0 || node.inputs().size() != inside.size()) {
            return Optional.empty();
        }
        List<Node> before = new ArrayList<>();
        List<Node> after = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            before.add(enter(node, i, inside.get(i)));
            after.add(leave(node, i, inside.get(i), body.outputs().subList(i, i + 1)));
        }
        for (int i = 0; i < sliced; i++) {
            List<String> read = List.of(node.inputs().get(states + i));
            List<String> made = List.of(inside.get(states + i));
            before.add(link(node, Part.SLICE, states + i, read, made, axis(node, "scan_input_axes", i)));
        }
        for (int i = 0; i < collected; i++) {
            List<String> read = List.of(body.outputs().get(states + i));
            Map<String, Attribute> axis = axis(node, "scan_output_axes", i);
            after.add(link(node, Part.COLLECT, 0, read, output(node, states + i), axis));
        }
        return Optional.of(new ControlFlowEdges(before, List.of(body), after));
    }

    private static Map<String, Attribute> axis(Node node, String attribute, int index) {
        long axis = node.intsAttribute(attribute)
                .filter(axes -> index < axes.size())
                .map(axes -> axes.get(index))
                .orElse(0L);
        return Map.of("axis", new Attribute.Int(axis));
    }

    private static Node enter(Node node, int slot, String state) {
        return link(node, Part.ENTER, slot, List.of(node.inputs().get(slot)), List.of(state), Map.of());
    }

    /** A state is what it was at first or what a turn made of it; also when nobody reads it in the end. */
    private static Node leave(Node node, int slot, String state, List<String> returned) {
        List<String> read = new ArrayList<>(List.of(state));
        read.addAll(returned);
        return link(node, Part.LEAVE, 0, read, output(node, slot), Map.of());
    }

    private static List<String> output(Node node, int slot) {
        return List.of(node.output(slot).orElse(""));
    }

    private static Node link(
            Node node, Part part, int slot, List<String> read, List<String> made, Map<String, Attribute> more) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(more);
        attributes.put(PART, new Attribute.Text(part.name()));
        attributes.put(NODE, new Attribute.Text(node.id()));
        attributes.put(SLOT, new Attribute.Int(slot));
        return new Node(node.domain(), node.operator(), read, made, attributes);
    }
}
