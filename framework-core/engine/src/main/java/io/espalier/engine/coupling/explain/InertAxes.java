package io.espalier.engine.coupling.explain;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.Letter.Marker;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Optional;

/** Finds the reason why an axis carries no channels. */
final class InertAxes {

    private final Graph graph;
    private final Coupling coupling;

    InertAxes(Graph graph, Coupling coupling) {
        this.graph = graph;
        this.coupling = coupling;
    }

    String reason(String name, int axis) {
        if (graph.inputs().containsKey(name)) {
            return "it is an axis of an input of the model, and inputs keep their shape";
        }
        if (!graph.constants().containsKey(name)) {
            return "no channel that could be removed lies along it: it is an axis of examples, time or space, or comes"
                    + " from an input of the model";
        }
        if (!ParameterUse.carriesWeights(graph.constants().get(name))) {
            return "the constant holds positions or extents, not weights";
        }
        return graph.nodes().stream()
                .filter(node -> node.inputs().contains(name))
                .map(node -> reason(node, node.inputs().indexOf(name), axis))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("no operator computes or sums channels along it");
    }

    private Optional<String> reason(Node node, int slot, int axis) {
        AppliedNotation applied = coupling.graph().applied().get(node.id());
        if (applied == null || slot >= applied.notation().inputs().size()) {
            return Optional.empty();
        }
        List<AxisTerm> terms = applied.notation().inputs().get(slot).orElse(List.of());
        if (axis >= terms.size()) {
            return Optional.empty();
        }
        String at = node.qualifiedOperator() + " '" + node.id() + "' ";
        List<Letter> letters = terms.get(axis).letters();
        if (letters.stream().anyMatch(letter -> letter.marker() == Marker.BARRIER)) {
            return Optional.of(at + "needs every position of it");
        }
        if (letters.stream().anyMatch(letter -> letter.marker() == Marker.OPAQUE)) {
            return Optional.of(at + "mixes neighbouring positions of it");
        }
        return met(node, slot, applied, letters)
                .map(met -> at + "combines it with " + met + ", along which nothing can be removed");
    }

    /** The axis of another operand with the same letter. */
    private static Optional<String> met(Node node, int slot, AppliedNotation applied, List<Letter> letters) {
        for (int other = 0; other < applied.notation().inputs().size(); other++) {
            List<AxisTerm> terms = applied.notation().inputs().get(other).orElse(List.of());
            for (int axis = 0; axis < terms.size() && other != slot; axis++) {
                List<Letter> theirs = terms.get(axis).letters();
                if (letters.stream()
                        .anyMatch(letter ->
                                theirs.stream().anyMatch(each -> each.name().equals(letter.name())))) {
                    return Optional.of("axis " + axis + " of '" + node.inputs().get(other) + "'");
                }
            }
        }
        return Optional.empty();
    }
}
