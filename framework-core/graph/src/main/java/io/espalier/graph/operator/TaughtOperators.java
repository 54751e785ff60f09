package io.espalier.graph.operator;

import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.OperatorParts;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.operator.Trait;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Definitions of the operators that a plug-in teaches: what it leaves open follows from the notation. */
final class TaughtOperators {

    private final OperatorSemantics semantics;

    private TaughtOperators(OperatorSemantics semantics) {
        this.semantics = semantics;
    }

    static Stream<OperatorDefinition> definitions(OperatorSemantics semantics) {
        TaughtOperators taught = new TaughtOperators(semantics);
        return OperatorDefinition.define(semantics.operators().toArray(String[]::new))
                .notation(taught::notation)
                .shape(0, taught::infer)
                .macs(taught::macs)
                .roles(taught::role)
                .traits(semantics.traits().toArray(Trait[]::new))
                .decomposes(taught::expand)
                .build();
    }

    private Optional<String> notation(NodeView view) {
        Optional<String> notation = semantics.indexNotation(view.node(), view.ranks());
        notation.ifPresent(text -> parse(text, view));
        return notation;
    }

    private Optional<IndexNotation> parsed(NodeView view) {
        return semantics.indexNotation(view.node(), view.ranks()).map(text -> parse(text, view));
    }

    private IndexNotation parse(String text, NodeView view) {
        try {
            return NotationParser.parse(text, view);
        } catch (IllegalArgumentException e) {
            throw wrong(view.node(), e.getMessage());
        }
    }

    private InvalidInputException wrong(Node node, String reason) {
        return new InvalidInputException("The plug-in '" + semantics.name() + "' describes the "
                + node.qualifiedOperator() + " that makes '" + node.id() + "' wrongly: " + reason
                + ". Tell its author, or leave the plug-in out.");
    }

    /** The parts that an application is made of, with names of their own. */
    private void expand(Expansion e) {
        OperatorParts parts = parts(e).orElseThrow(() ->
                new MisfitException("the plug-in '" + semantics.name() + "' does not say what it is made of"));
        Map<String, String> given = new LinkedHashMap<>();
        for (int slot = 0; slot < parts.inputs().size(); slot++) {
            given.put(parts.inputs().get(slot), e.node().input(slot).orElse(""));
        }
        parts.constants().forEach((name, tensor) -> given.put(name, e.constant(tensor)));
        Graph body = new Graph(semantics.name(), Map.of(), parts.outputs(), parts.nodes(), Map.of(), Map.of());
        List<String> outputs = BodyCopy.add(e, body, given);
        for (int slot = 0; slot < outputs.size(); slot++) {
            e.put(slot, outputs.get(slot));
        }
    }

    private Optional<OperatorParts> parts(Expansion e) {
        try {
            return semantics.parts(e.node(), e.view().ranks());
        } catch (IllegalArgumentException wrong) {
            throw wrong(e.node(), wrong.getMessage());
        }
    }

    private void infer(NodeScope scope) {
        NodeView view = new NodeView(scope.node(), scope.values());
        Optional<IndexNotation> notation = parsed(view);
        if (notation.isPresent()) {
            List<Optional<long[]>> inputs = inputs(
                    view.node(),
                    value -> view.shapes()
                            .shape(value)
                            .map(shape -> shape.stream()
                                    .mapToLong(extent -> extent.isConstant() ? extent.constant() : -1)
                                    .toArray()));
            NotationShapes.infer(scope, notation.get(), (output, axis) -> {
                OptionalLong said = semantics.extent(view.node(), output, axis, inputs);
                return said.isPresent() ? Dim.of(said.getAsLong()) : scope.fresh(output, axis);
            });
        }
    }

    private static List<Optional<long[]>> inputs(Node node, Function<String, Optional<long[]>> extents) {
        return node.inputs().stream().map(extents).toList();
    }

    private Optional<MacRule> macs(NodeView view) {
        Optional<ContractionMacs> contraction = parsed(view).flatMap(notation -> ContractionMacs.of(view, notation));
        return Optional.of(extents -> {
            OptionalLong said = semantics.macs(view.node(), inputs(view.node(), extents::of));
            return said.isPresent()
                    ? Optional.of(said.getAsLong())
                    : contraction.map(rule -> rule.count(extents)).orElse(Optional.of(0L));
        });
    }

    private SlotRole role(NodeView view, int slot) {
        return semantics
                .role(view.node(), slot)
                .or(() -> parsed(view).map(notation -> role(notation, slot)))
                .orElse(SlotRole.DATA);
    }

    private static SlotRole role(IndexNotation notation, int slot) {
        Set<String> summed = notation.summedLetters();
        if (contracts(notation, slot, summed)) {
            boolean first = Stream.iterate(0, other -> other + 1)
                    .limit(slot)
                    .noneMatch(other -> contracts(notation, other, summed));
            return first ? SlotRole.DATA : SlotRole.WEIGHT;
        }
        int rank = notation.inputs().get(slot).map(List::size).orElse(0);
        boolean added = !summed.isEmpty()
                && rank > 0
                && rank < notation.outputs().get(0).size()
                && notation.outputLetters().containsAll(letters(notation, slot));
        return added ? SlotRole.BIAS : SlotRole.DATA;
    }

    private static boolean contracts(IndexNotation notation, int slot, Set<String> summed) {
        return letters(notation, slot).stream().anyMatch(summed::contains);
    }

    private static Set<String> letters(IndexNotation notation, int slot) {
        Set<String> letters = new LinkedHashSet<>();
        notation.inputs()
                .get(slot)
                .ifPresent(axes -> axes.forEach(axis -> axis.letters().forEach(letter -> letters.add(letter.name()))));
        return letters;
    }
}
