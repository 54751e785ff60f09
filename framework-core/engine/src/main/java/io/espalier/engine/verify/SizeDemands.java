package io.espalier.engine.verify;

import io.espalier.graph.flow.FlatGraph;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.MisfitException;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What the operators of a graph demand of extents that have symbols of their own, such as a mask as long as past and new
 * tokens together, or a batch that is a multiple of the segments it is divided into.
 */
final class SizeDemands {

    private final Shapes shapes;
    private final Operators operators;
    private final Set<SizeDemand> found = new LinkedHashSet<>();

    private SizeDemands(Shapes shapes, Operators operators) {
        this.shapes = shapes;
        this.operators = operators;
    }

    /** The demands in the order of the graph, each once. */
    static List<SizeDemand> of(Graph graph, Shapes shapes, Operators operators) {
        SizeDemands demands = new SizeDemands(shapes, operators);
        FlatGraph.of(graph, shapes).nodes().forEach(demands::collect);
        return List.copyOf(demands.found);
    }

    private void collect(Node node) {
        try {
            demandsOf(node);
        } catch (MisfitException barrier) {
            // Operands that do not fit the operator are a barrier of the coupling; they demand no sizes.
            return;
        }
    }

    private void demandsOf(Node node) {
        Optional<OperatorDefinition> definition = operators.of(node);
        Optional<Movement> movement = definition.flatMap(OperatorDefinition::movement);
        NodeView view = new NodeView(node, shapes);
        if (movement.isEmpty()) {
            boolean known = node.inputs().stream()
                    .allMatch(input -> input.isEmpty() || shapes.shape(input).isPresent());
            definition
                    .filter(each -> known)
                    .flatMap(each -> each.notation(view))
                    .ifPresent(line -> notation(node, line));
        } else if (movement.get() == Movement.CONCAT) {
            concat(view);
        } else if (movement.get() == Movement.EXPAND) {
            expand(node);
        } else if (movement.get() == Movement.RESHAPE) {
            reshape(node);
        }
    }

    private void demand(SizeDemand.Kind kind, Dim left, Dim right) {
        boolean open = !left.isConstant() || !right.isConstant();
        if (open && !left.equals(right)) {
            found.add(new SizeDemand(kind, left, right));
        }
    }

    /** Equal letters of two operands have one extent, or one of them is repeated. */
    private void notation(Node node, IndexNotation line) {
        Map<String, Dim> sizes = new LinkedHashMap<>();
        line.sizes().forEach((letter, size) -> sizes.put(letter, Dim.of(size)));
        Set<String> kept = line.outputLetters();
        eachAxis(node, line, (letters, extent) -> single(letters, extent, sizes, kept));
        eachAxis(node, line, (letters, extent) -> product(letters, extent, sizes));
    }

    private void eachAxis(Node node, IndexNotation line, BiConsumer<List<Letter>, Dim> found) {
        for (int slot = 0; slot < line.inputs().size(); slot++) {
            List<AxisTerm> terms = line.inputs().get(slot).orElse(List.of());
            List<Dim> shape = shapes.shape(node.inputs().get(slot)).orElse(List.of());
            for (int axis = 0; axis < Math.min(terms.size(), shape.size()); axis++) {
                found.accept(terms.get(axis).letters(), shape.get(axis));
            }
        }
    }

    private void single(List<Letter> letters, Dim extent, Map<String, Dim> sizes, Set<String> kept) {
        if (letters.size() == 1 && letters.get(0).marker() != Letter.Marker.OPAQUE) {
            String letter = letters.get(0).name();
            Dim earlier = sizes.putIfAbsent(letter, extent);
            if (earlier != null) {
                demand(kept.contains(letter) ? SizeDemand.Kind.REPEATED : SizeDemand.Kind.EQUAL, earlier, extent);
            }
        }
    }

    /** An axis of several letters has the product of their extents, of which some may be known from no operand. */
    private void product(List<Letter> letters, Dim extent, Map<String, Dim> sizes) {
        if (letters.size() > 1) {
            boolean whole = letters.stream().allMatch(letter -> sizes.containsKey(letter.name()));
            Dim known = letters.stream()
                    .map(letter -> sizes.getOrDefault(letter.name(), Dim.ONE))
                    .reduce(Dim.ONE, Dim::times);
            demand(whole ? SizeDemand.Kind.EQUAL : SizeDemand.Kind.MULTIPLE, extent, known);
        }
    }

    private void concat(NodeView view) {
        int rank = view.rank(0);
        int joined = rank < 0 ? 0 : view.axis("axis", 0, rank);
        for (int slot = 1; slot < view.node().inputs().size(); slot++) {
            for (int axis = 0; axis < rank && view.rank(slot) == rank; axis++) {
                if (axis != joined) {
                    Dim first = view.shape(0).orElseThrow().get(axis);
                    demand(
                            SizeDemand.Kind.EQUAL,
                            first,
                            view.shape(slot).orElseThrow().get(axis));
                }
            }
        }
    }

    private void expand(Node node) {
        List<Dim> extents = shapes.shape(node.inputs().get(0)).orElse(List.of());
        List<Optional<Dim>> wanted = wanted(node);
        int shift = wanted.size() - extents.size();
        for (int axis = Math.max(0, -shift); axis < extents.size() && axis + shift < wanted.size(); axis++) {
            Dim extent = extents.get(axis);
            wanted.get(axis + shift).ifPresent(target -> demand(SizeDemand.Kind.REPEATED, extent, target));
        }
    }

    /** The elements fill the new shape; -1 takes what is left. */
    private void reshape(Node node) {
        Optional<List<Dim>> extents = shapes.shape(node.inputs().get(0));
        List<Optional<Dim>> wanted = wanted(node);
        if (extents.isEmpty() || wanted.isEmpty() || wanted.stream().anyMatch(Optional::isEmpty)) {
            return;
        }
        boolean copies = node.intAttribute("allowzero", 0) == 0;
        List<Dim> known = new ArrayList<>();
        boolean rest = false;
        for (int axis = 0; axis < wanted.size(); axis++) {
            Dim target = wanted.get(axis).orElseThrow();
            boolean copied = copies && target.is(0) && axis < extents.get().size();
            rest |= target.is(-1);
            known.add(copied ? extents.get().get(axis) : target.is(-1) ? Dim.ONE : target);
        }
        Dim elements = extents.get().stream().reduce(Dim.ONE, Dim::times);
        demand(
                rest ? SizeDemand.Kind.MULTIPLE : SizeDemand.Kind.EQUAL,
                elements,
                known.stream().reduce(Dim.ONE, Dim::times));
    }

    private List<Optional<Dim>> wanted(Node node) {
        return shapes.content(node.inputs().get(1))
                .map(content -> content.elements())
                .orElse(List.of());
    }
}
