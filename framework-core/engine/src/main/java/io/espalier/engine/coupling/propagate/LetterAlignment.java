package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Factoring;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.Letter.Marker;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Assigns the factors of every axis to the letters of the notation, and cuts factors until equal letters of all operands are
 * made of the same ones.
 */
final class LetterAlignment {

    private final Relations relations;
    private final Node node;
    private final IndexNotation notation;
    private final List<Operand> operands;
    /** The agreed factors of each letter that all operands share position by position. */
    private final Map<String, List<AxisFactor>> canonical = new LinkedHashMap<>();

    LetterAlignment(Relations relations, Node node, IndexNotation notation, List<Operand> operands) {
        this.relations = relations;
        this.node = node;
        this.notation = notation;
        this.operands = operands;
    }

    /** The agreed factors by letter, once aligned. */
    Map<String, List<AxisFactor>> canonical() {
        return canonical;
    }

    private Barrier barrier(String value, int axis, String reason) {
        return Barrier.at(node, value, axis, reason);
    }

    void assign() {
        Map<String, Dim> known = knownSizes();
        for (Operand operand : operands) {
            for (int axis = 0; axis < operand.terms.size(); axis++) {
                assign(operand, axis, operand.terms.get(axis).letters(), known);
            }
        }
    }

    private Map<String, Dim> knownSizes() {
        Map<String, Dim> known = new LinkedHashMap<>();
        notation.sizes().forEach((letter, size) -> known.put(letter, Dim.of(size)));
        for (Operand operand : operands) {
            for (int axis = 0; axis < operand.terms.size(); axis++) {
                List<Letter> letters = operand.terms.get(axis).letters();
                Dim extent = operand.layout.extent(axis);
                if (letters.size() == 1 && letters.get(0).marker() != Marker.OPAQUE && !extent.is(1)) {
                    known.putIfAbsent(letters.get(0).echoed(), extent);
                }
            }
        }
        return known;
    }

    private void assign(Operand operand, int axis, List<Letter> letters, Map<String, Dim> known) {
        if (letters.isEmpty()) {
            operand.layout = relations.collapse(
                    operand.layout, operand.layout.axes().get(axis), barrier(operand.value, axis, "has extent 1 here"));
            return;
        }
        if (letters.size() == 1) {
            operand.letters.put(letters.get(0), operand.layout.axes().get(axis));
            return;
        }
        if (operand.layout.axes().get(axis).isEmpty()) {
            letters.forEach(letter -> operand.letters.put(letter, List.of()));
            return;
        }
        Optional<Layout.Cut> cut = operand.layout.cut(axis, sizes(letters, known));
        if (cut.isEmpty()) {
            operand.layout = relations.collapse(
                    operand.layout,
                    operand.layout.axes().get(axis),
                    barrier(operand.value, axis, "cannot be divided into " + letters));
            assignQuotients(operand, axis, letters, known);
            return;
        }
        operand.layout = cut.get().layout();
        for (int i = 0; i < letters.size(); i++) {
            operand.letters.put(letters.get(i), cut.get().parts().get(i));
        }
    }

    /** Divides an axis without labels whose extent, such as an open height, does not show that it can be divided. */
    private static void assignQuotients(Operand operand, int axis, List<Letter> letters, Map<String, Dim> known) {
        List<Dim> sizes = sizes(letters, known);
        Dim given = sizes.stream().filter(Objects::nonNull).reduce(Dim.ONE, Dim::times);
        if (sizes.stream().filter(Objects::isNull).count() != 1
                || given.bounds().lower() < 1) {
            return;
        }
        Dim quotient = operand.layout.extent(axis).floorDiv(given);
        List<AxisFactor> factors = new ArrayList<>();
        for (int i = 0; i < letters.size(); i++) {
            List<AxisFactor> part = AxisFactor.axis(Objects.requireNonNullElse(sizes.get(i), quotient));
            operand.letters.put(letters.get(i), part);
            factors.addAll(part);
        }
        operand.layout = operand.layout.withAxis(axis, factors);
    }

    private static List<Dim> sizes(List<Letter> letters, Map<String, Dim> known) {
        List<Dim> sizes = new ArrayList<>();
        int unknown = 0;
        for (Letter letter : letters) {
            Dim size = known.get(letter.echoed());
            unknown += size == null ? 1 : 0;
            sizes.add(size);
        }
        // With every size given, the last one follows from the others; this tolerates differently named extents.
        if (unknown == 0) {
            sizes.set(sizes.size() - 1, null);
        }
        return sizes;
    }

    void align() {
        for (int current = 0; current < operands.size(); current++) {
            Operand operand = operands.get(current);
            for (Letter letter : List.copyOf(operand.letters.keySet())) {
                List<AxisFactor> factors = operand.letters.get(letter);
                if (letter.marker() == Marker.OPAQUE || factors.isEmpty()) {
                    continue;
                }
                List<AxisFactor> agreed = canonical.get(letter.name());
                if (agreed == null) {
                    canonical.put(letter.name(), factors);
                } else {
                    align(current, operand, letter, agreed);
                }
            }
        }
    }

    private void align(int current, Operand operand, Letter letter, List<AxisFactor> agreed) {
        Optional<Factoring.Alignment> found = Factoring.align(agreed, operand.letters.get(letter));
        if (found.isEmpty()) {
            Barrier reason = barrier(
                    operand.value,
                    operand.firstAxis(operand.letters.get(letter)),
                    "its extent does not line up with the other operands");
            for (Operand each : operands.subList(0, current)) {
                each.layout = relations.collapse(each.layout, agreed, reason);
            }
            operand.layout = relations.collapse(operand.layout, operand.letters.get(letter), reason);
            operand.letters.put(letter, List.of());
            return;
        }
        Factoring.Alignment alignment = found.get();
        Map<AxisFactor, List<AxisFactor>> earlier = new LinkedHashMap<>();
        Map<AxisFactor, List<AxisFactor>> own = new LinkedHashMap<>();
        List<AxisFactor> parts = new ArrayList<>();
        for (int i = 0; i < alignment.left().size(); i++) {
            AxisFactor left = alignment.left().get(i);
            AxisFactor right = alignment.right().get(i);
            boolean rightIsBetter = !left.isNumeric() && right.isNumeric();
            AxisFactor part = rightIsBetter ? right : left;
            parts.add(part);
            (rightIsBetter ? earlier : own).put(rightIsBetter ? left : right, List.of(part));
        }
        for (Operand each : operands.subList(0, current)) {
            each.replace(alignment.leftCuts());
            each.replace(earlier);
        }
        operand.replace(alignment.rightCuts());
        operand.replace(own);
        canonical.replaceAll((name, list) -> name.equals(letter.name()) ? parts : list);
    }
}
