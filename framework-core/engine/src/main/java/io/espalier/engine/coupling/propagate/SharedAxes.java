package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Relates axes that several layouts share, as an element-wise operator would. */
final class SharedAxes {

    private SharedAxes() {}

    /**
     * Relates all axes of the same number, but one.
     *
     * @param except an axis that is not shared, -1 when all are
     * @return the layouts with their shared axes divided alike
     */
    static List<Layout> relate(Labels labels, Node node, List<String> names, List<Layout> layouts, int except) {
        List<List<AxisTerm>> terms = new ArrayList<>();
        for (int i = 0; i < layouts.size(); i++) {
            List<AxisTerm> own = new ArrayList<>();
            for (int axis = 0; axis < layouts.get(i).rank(); axis++) {
                own.add(term(axis == except ? "own" + i : "a" + axis));
            }
            terms.add(own);
        }
        return relate(labels, node, names, layouts, terms);
    }

    /** Relates axes with equal terms. */
    static List<Layout> relate(
            Labels labels, Node node, List<String> names, List<Layout> layouts, List<List<AxisTerm>> terms) {
        List<Operand> operands = new ArrayList<>();
        for (int i = 0; i < layouts.size(); i++) {
            operands.add(new Operand(names.get(i), layouts.get(i), terms.get(i)));
        }
        List<AxisTerm> all = terms.stream().flatMap(List::stream).toList();
        IndexNotation notation = new IndexNotation(List.of(), List.of(all), Map.of(), Map.of());
        new NotationApplication(labels, node, notation, operands).run();
        return operands.stream().map(operand -> operand.layout).toList();
    }

    /** An axis of one letter. */
    static AxisTerm term(String letter) {
        return new AxisTerm(List.of(new Letter(letter, Letter.Marker.NONE)));
    }
}
