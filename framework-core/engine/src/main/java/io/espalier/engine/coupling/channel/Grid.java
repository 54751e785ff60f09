package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.label.AppliedNotation.AppliedOperand;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.LabelledGraph;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import java.util.ArrayList;
import java.util.List;

/**
 * A product of factors whose kept positions must form a rectangle: all rows that are kept keep the same number of columns.
 *
 * @param labels row-major
 * @param extents extents of the product, outermost first; at least two
 * @param origin value or parameter that demands it
 */
record Grid(int[] labels, int[] extents, String origin) {

    int width() {
        return extents[extents.length - 1];
    }

    /** All grids of a graph. */
    static List<Grid> of(LabelledGraph graph) {
        List<Grid> grids = new ArrayList<>();
        graph.applied()
                .values()
                .forEach(applied -> applied.operands()
                        .forEach(operand -> grids.addAll(ofComposites(
                                operand,
                                applied.notation().inputs().get(operand.slot()).orElseThrow()))));
        graph.parameters().forEach((use, layout) -> grids.addAll(ofAxes(use.toString(), layout)));
        graph.values().forEach((value, layout) -> grids.addAll(ofAxes(value, layout)));
        return grids;
    }

    /** Grids of a value: label maps that vary along several of its axes. */
    private static List<Grid> ofAxes(String origin, Layout layout) {
        List<Grid> grids = new ArrayList<>();
        for (LabelMap map : layout.maps()) {
            if (map.factors().size() > 1) {
                add(grids, origin, map, blocks(map, layout.axes()));
            }
        }
        return grids;
    }

    /** Grids inside one axis that an operator divides, such as the groups of a convolution. */
    private static List<Grid> ofComposites(AppliedOperand operand, List<AxisTerm> terms) {
        List<Grid> grids = new ArrayList<>();
        for (AxisTerm term : terms) {
            if (term.letters().size() < 2) {
                continue;
            }
            List<List<AxisFactor>> parts = new ArrayList<>();
            for (Letter letter : term.letters()) {
                parts.add(operand.letters().getOrDefault(letter, List.of()));
            }
            for (LabelMap map : operand.layout().maps()) {
                if (parts.stream().filter(map::coversAny).count() > 1) {
                    add(grids, operand.value(), map, blocks(map, parts));
                }
            }
        }
        return grids;
    }

    private static void add(List<Grid> grids, String origin, LabelMap map, int[] extents) {
        if (extents.length > 1) {
            grids.add(new Grid(map.labels(), extents, origin));
        }
    }

    /** Extents of the label map where neighbouring factors of one part count as one. */
    private static int[] blocks(LabelMap map, List<List<AxisFactor>> parts) {
        List<Integer> extents = new ArrayList<>();
        int previous = -2;
        for (AxisFactor factor : map.factors()) {
            int part = partOf(factor, parts);
            if (part >= 0 && part == previous) {
                extents.set(extents.size() - 1, extents.get(extents.size() - 1) * factor.count());
            } else {
                extents.add(factor.count());
            }
            previous = part;
        }
        return extents.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int partOf(AxisFactor factor, List<List<AxisFactor>> parts) {
        for (int part = 0; part < parts.size(); part++) {
            if (parts.get(part).contains(factor)) {
                return part;
            }
        }
        return -1;
    }
}
