package io.espalier.graph.operator;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sequences of tensors as the tensors they hold, where their lengths and positions are known: what reads a sequence reads those, and nothing
 * else has to know of sequences.
 */
public final class LaidSequences {

    private final Operators operators;
    private final Map<String, List<String>> parts = new HashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private boolean changed;

    private LaidSequences(Operators operators) {
        this.operators = operators;
    }

    /**
     * The graph in this form, as far as shapes are known; it computes the same values under the same names. Nodes that make sequences stay
     * for who may read them otherwise.
     */
    public static Graph of(Graph graph, Operators operators) {
        LaidSequences sequences = new LaidSequences(operators);
        Graph form = graph;
        do {
            form = sequences.laid(form);
        } while (sequences.changed);
        return form;
    }

    private Graph laid(Graph graph) {
        changed = false;
        if (graph.nodes().stream().noneMatch(LaidSequences::readsSequence)) {
            return graph;
        }
        Shapes shapes = operators.infer(graph);
        FreshNames names = FreshNames.of(graph);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Emitter emitter = new Emitter(names, shapes, node.id());
            NodeView view = new NodeView(node, shapes);
            Optional<Node> read = readsSequence(node) ? read(emitter, view) : Optional.empty();
            if (read.isEmpty()) {
                follow(emitter, view);
            }
            changed |= read.isPresent();
            nodes.addAll(emitter.nodes());
            nodes.add(read.orElse(node));
            constants.putAll(emitter.constants());
        }
        return graph.withNodes(nodes).withConstants(constants);
    }

    private static boolean readsSequence(Node node) {
        return switch (node.qualifiedOperator()) {
            case "SequenceAt", "SequenceLength", "ConcatFromSequence" -> true;
            default -> false;
        };
    }

    private Optional<List<String>> of(Node node) {
        return node.input(0).map(parts::get);
    }

    /** What takes the place of a node that makes a tensor of a sequence. */
    private Optional<Node> read(Emitter e, NodeView view) {
        Node node = view.node();
        return of(node).flatMap(known -> switch (node.qualifiedOperator()) {
            case "SequenceAt" ->
                place(view, 1, known.size())
                        .filter(place -> place < known.size())
                        .map(place -> renamed(known.get(place), node));
            case "SequenceLength" -> Optional.of(renamed(e.constant(Tensors.longs(List.of(), known.size())), node));
            default -> known.isEmpty() ? Optional.empty() : Optional.of(joined(e, known, node));
        });
    }

    private static Node renamed(String value, Node node) {
        return Node.of("Identity", List.of(value), List.of(node.id()), Map.of());
    }

    private static Node joined(Emitter e, List<String> known, Node node) {
        int axis = (int) node.intAttribute("axis", 0);
        boolean stacks = node.intAttribute("new_axis", 0) != 0;
        List<String> joined = known.stream()
                .map(part -> stacks ? e.unsqueeze(part, axis) : part)
                .toList();
        return Nodes.concatenate(joined, axis, node.id());
    }

    /** Learns what a sequence holds. */
    private void follow(Emitter e, NodeView view) {
        Node node = view.node();
        if (parts.containsKey(node.id())) {
            return;
        }
        Optional<List<String>> held = switch (node.qualifiedOperator()) {
            case "SequenceEmpty" -> Optional.of(List.of());
            case "SequenceConstruct" -> Optional.of(node.inputs());
            case "Identity" -> of(node);
            case "SequenceInsert" ->
                of(node).flatMap(known -> place(view, 2, known.size()).map(place -> {
                    List<String> longer = new ArrayList<>(known);
                    longer.add(place, node.inputs().get(1));
                    return longer;
                }));
            case "SequenceErase" ->
                of(node).flatMap(known -> place(view, 1, known.size())
                        .or(() -> Optional.of(known.size() - 1))
                        .filter(place -> place >= 0 && place < known.size())
                        .map(place -> {
                            List<String> shorter = new ArrayList<>(known);
                            shorter.remove((int) place);
                            return shorter;
                        }));
            case "SplitToSequence" -> split(e, view);
            default -> Optional.empty();
        };
        held.ifPresent(known -> parts.put(node.id(), List.copyOf(known)));
    }

    /** A position in a sequence, its end where none is given; empty when it is known at run time only. */
    private static Optional<Integer> place(NodeView view, int slot, int size) {
        if (view.node().input(slot).isEmpty()) {
            return Optional.of(size);
        }
        return view.numbers(slot)
                .filter(all -> all.length == 1)
                .map(all -> (int) (all[0] < 0 ? all[0] + size : all[0]))
                .filter(place -> place >= 0 && place <= size);
    }

    private static Optional<List<String>> split(Emitter e, NodeView view) {
        Node node = view.node();
        String value = node.inputs().get(0);
        Optional<List<Dim>> shape = view.shape(0);
        int axis = shape.map(known -> view.axis("axis", 0, known.size())).orElse(0);
        Optional<List<Long>> extents = shape.map(known -> known.get(axis))
                .filter(Dim::isConstant)
                .flatMap(extent -> extents(view, extent.constant()));
        if (extents.isEmpty() || extents.get().isEmpty()) {
            return Optional.empty();
        }
        boolean flat = node.input(1).isEmpty() && node.intAttribute("keepdims", 1) == 0;
        List<String> made = new ArrayList<>(List.of(value));
        if (extents.get().size() > 1) {
            made = extents.get().stream().map(each -> e.fresh("part")).toList();
            String sizes =
                    e.vector(extents.get().stream().mapToLong(Long::longValue).toArray());
            e.add(Nodes.split(value, sizes, axis, made));
        }
        return Optional.of(
                made.stream().map(part -> flat ? e.squeeze(part, axis) : part).toList());
    }

    /** How long each part is: as they are told, of one length with a shorter one behind them, or single positions. */
    private static Optional<List<Long>> extents(NodeView view, long whole) {
        if (view.node().input(1).isEmpty()) {
            return Optional.of(Collections.nCopies((int) whole, 1L));
        }
        return view.numbers(1).map(given -> {
            List<Long> extents = new ArrayList<>();
            if (view.rank(1) == 0) {
                for (long from = 0; from < whole; from += given[0]) {
                    extents.add(Math.min(given[0], whole - from));
                }
            } else {
                for (long each : given) {
                    extents.add(each);
                }
            }
            return extents;
        });
    }
}
