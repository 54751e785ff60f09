package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.shape.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The operators that only move elements, by name. */
final class MoveRules {

    private interface Rule {

        /** Layouts of the outputs, or empty when an operand that matters is not known before the model runs. */
        Optional<List<Layout>> apply(NodeView view, List<Layout> inputs);
    }

    /** Operators whose results depend on extents and settings alone. */
    private static final List<String> MAKERS = List.of(
            "Shape",
            "Size",
            "RandomNormal",
            "RandomUniform",
            "HannWindow",
            "HammingWindow",
            "BlackmanWindow",
            "MelWeightMatrix");

    private final Graph graph;
    private final AxisMoves moves;
    private final PickRules picks;
    private final Map<String, Rule> rules = new LinkedHashMap<>();

    MoveRules(Graph graph, Labels labels, CountedIndices counted, Repetitions repetitions) {
        this.graph = graph;
        this.moves = new AxisMoves(labels, repetitions);
        AxisRules axes = new AxisRules(labels, counted, repetitions);
        JoinRules joins = new JoinRules(labels);
        this.picks = new PickRules(graph, labels, counted, repetitions);
        for (String operator : List.of("Reshape", "Flatten", "Squeeze", "Unsqueeze")) {
            rules.put(operator, axes::regroup);
        }
        rules.put("Transpose", axes::transpose);
        rules.put("Concat", joins::concat);
        rules.put("Split", joins::split);
        rules.put("Slice", picks::slice);
        rules.put("Gather", picks::gather);
        rules.put("Pad", picks::pad);
        rules.put("Expand", axes::expand);
        rules.put("Tile", axes::tile);
        rules.put("ConstantOfShape", (view, inputs) -> axes.fill(view));
        rules.put("Range", (view, inputs) -> axes.range(view));
        for (String operator : MAKERS) {
            rules.put(operator, (view, inputs) -> axes.generate(view));
        }
    }

    Set<String> operators() {
        return rules.keySet();
    }

    /** How many of the first inputs are moved; the others say where to. */
    int movedInputs(Node node) {
        return switch (node.operator()) {
            case "Concat" -> node.inputs().size();
            case "Gather", "GatherND" -> 2;
            case "ScatterND" -> 3;
            case "ConstantOfShape", "Range", "HannWindow", "HammingWindow", "BlackmanWindow", "MelWeightMatrix" -> 0;
            default -> 1;
        };
    }

    boolean knows(Node node) {
        return rules.containsKey(node.qualifiedOperator())
                || PickRules.gathersPositions(graph, node)
                || PickRules.writesPositions(graph, node);
    }

    Optional<List<Layout>> apply(NodeView view, List<Layout> inputs) {
        Rule byPosition = view.node().operator().equals("ScatterND") ? picks::write : picks::gather;
        Rule rule = rules.getOrDefault(view.node().qualifiedOperator(), byPosition);
        return rule.apply(view, inputs);
    }

    /** A constant that counts positions; how many there are follows from the axes they are combined with. */
    Layout numbers(List<Dim> shape) {
        return moves.filled("", shape);
    }
}
