package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.StatisticCoupling;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.Letter.Marker;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Applies index notation to the layouts of its operands: aligns letters, relates label maps, and lays out the outputs.
 *
 * <p>The steps are those of {@link #run}; each works on the operands in place.
 */
final class NotationApplication {

    private final Labels labels;
    private final Relations relations;
    private final Node node;
    private final IndexNotation notation;
    private final List<Operand> operands;
    private final List<StatisticCoupling> statistics = new ArrayList<>();
    private final LetterAlignment alignment;
    /** The agreed factors of each letter that all operands share position by position. */
    private final Map<String, List<AxisFactor>> canonical;

    NotationApplication(Labels labels, Node node, IndexNotation notation, List<Operand> operands) {
        this.labels = labels;
        this.relations = new Relations(labels);
        this.node = node;
        this.notation = notation;
        this.operands = operands;
        this.alignment = new LetterAlignment(relations, node, notation, operands);
        this.canonical = alignment.canonical();
    }

    List<StatisticCoupling> statistics() {
        return statistics;
    }

    void run() {
        // Two operands may come from one value: its axes may have different letters in each.
        operands.forEach(operand -> operand.layout = operand.layout.detached());
        alignment.assign();
        applyMarkers();
        alignment.align();
        labelConstants();
        collapseWhereInert();
        relateMaps();
        markWholeRows();
        freezeBatches();
    }

    private Barrier barrier(String value, int axis, String reason) {
        return Barrier.at(node, value, axis, reason);
    }

    // ---- markers

    private void applyMarkers() {
        for (Operand operand : operands) {
            operand.letters.forEach((letter, factors) -> {
                // What extremes are taken over is settled when it is known what weights read.
                if (letter.marker().isStatistic() && letter.marker() != Marker.EXTREME) {
                    operand.layout
                            .maps()
                            .forEach(map -> relations.tieStatistic(
                                    operand.layout,
                                    map,
                                    factors,
                                    axis -> barrier(operand.value, axis, Relations.STATISTIC)));
                }
                if (letter.marker() == Marker.OPAQUE || letter.marker() == Marker.BARRIER) {
                    int axis = operand.firstAxis(factors);
                    String reason = letter.marker() == Marker.OPAQUE
                            ? "the operator mixes neighbouring positions of this axis"
                            : reason(node);
                    operand.layout = relations.collapse(operand.layout, factors, barrier(operand.value, axis, reason));
                }
            });
        }
    }

    /** Adapters say why where they keep an axis whole. */
    private static String reason(Node node) {
        String usual = "the operator needs every position of this axis";
        return node.domain().equals(Node.OWN_DOMAIN) ? node.textAttribute("reason", usual) : usual;
    }

    // ---- constants

    private void labelConstants() {
        for (Operand operand : operands) {
            if (operand.isUnlabelled) {
                new ConstantLabelling(labels, notation, operands, operand).run();
            }
        }
    }

    // ---- relations

    private void collapseWhereInert() {
        for (List<AxisFactor> factors : List.copyOf(canonical.values())) {
            for (AxisFactor factor : factors) {
                collapseWhereInert(factor);
            }
        }
    }

    private void collapseWhereInert(AxisFactor factor) {
        Operand inert = null;
        boolean covered = false;
        for (Operand operand : operands) {
            if (operand.has(factor)) {
                covered |= operand.layout.isCovered(factor);
                inert = inert == null && !operand.layout.isCovered(factor) ? operand : inert;
            }
        }
        if (!covered || inert == null) {
            return;
        }
        for (Operand operand : operands) {
            if (operand.layout.isCovered(factor)) {
                operand.layout = relations.collapse(
                        operand.layout,
                        List.of(factor),
                        barrier(
                                operand.value,
                                operand.axisOf(factor),
                                "it meets axis " + inert.axisOf(factor) + " of '" + inert.value
                                        + "', which cannot be pruned"));
            }
        }
    }

    private void relateMaps() {
        List<LabelMap> seen = new ArrayList<>();
        for (Operand operand : operands) {
            Map<AxisFactor, List<AxisFactor>> echoes = echoes(operand);
            for (LabelMap map : operand.layout.maps()) {
                LabelMap plain = map.replace(echoes);
                Barrier reason = barrier(
                        operand.value, operand.axisOf(map.factors().get(0)), "it meets a position that always stays");
                seen.forEach(other -> relations.relate(other, plain, reason));
                seen.add(plain);
            }
            recordStatistics(operand);
        }
    }

    /** Factors of letters such as {@code h'}, with the factors of {@code h} whose labels they repeat. */
    private Map<AxisFactor, List<AxisFactor>> echoes(Operand operand) {
        Map<AxisFactor, List<AxisFactor>> echoes = new LinkedHashMap<>();
        operand.letters.forEach((letter, factors) -> {
            List<AxisFactor> original = canonical.get(letter.echoed());
            if (letter.isEcho() && original != null && original.size() == factors.size()) {
                for (int i = 0; i < factors.size(); i++) {
                    echoes.put(factors.get(i), List.of(original.get(i)));
                }
            }
        });
        return echoes;
    }

    private void recordStatistics(Operand operand) {
        operand.letters.forEach((letter, factors) -> {
            if (letter.marker().isStatistic() && factors.stream().anyMatch(operand.layout::isCovered)) {
                statistics.add(new StatisticCoupling(
                        node.qualifiedOperator(), node.id(), operand.value, operand.firstAxis(factors)));
            }
        });
    }

    /** Where two computed operands are multiplied batch by batch, as attention heads are, whole batches may be removed. */
    private void markWholeRows() {
        long computed = operands.stream().filter(operand -> !operand.isConstant).count();
        if (computed < 2 || !contracts()) {
            return;
        }
        for (Operand operand : operands) {
            for (LabelMap map : operand.layout.maps()) {
                AxisFactor outermost = map.factors().get(0);
                if (isBatch(outermost) && !isNestedInBatch(outermost)) {
                    labels.markWhole(labels.rowsAt(map, List.of(outermost)));
                }
            }
        }
    }

    private boolean isBatch(AxisFactor factor) {
        return outputFactors().contains(factor)
                && operands.stream().filter(each -> each.has(factor)).count() > 1;
    }

    /** Query heads that share a key are nested in it: only the key, with all its queries, is a whole row. */
    private boolean isNestedInBatch(AxisFactor factor) {
        return operands.stream()
                .flatMap(operand -> operand.layout.maps().stream())
                .anyMatch(map -> map.covers(factor)
                        && map.factors().indexOf(factor) > 0
                        && isBatch(map.factors().get(0)));
    }

    private void freezeBatches() {
        for (Operand operand : operands) {
            operand.letters.forEach((letter, factors) -> {
                if (letter.marker() == Marker.BATCH) {
                    operand.layout.maps().stream()
                            .filter(map -> map.coversAny(factors))
                            .forEach(map -> freezeRows(operand, map, factors));
                }
            });
        }
    }

    private void freezeRows(Operand operand, LabelMap map, List<AxisFactor> batch) {
        List<AxisFactor> rows = map.factors().stream().filter(batch::contains).toList();
        Barrier reason =
                barrier(operand.value, operand.firstAxis(rows), "the operator needs every position of this axis");
        for (int label : labels.rowsAt(map, rows)) {
            labels.freeze(label, reason);
        }
    }

    boolean contracts() {
        Set<String> kept = notation.outputLetters();
        return operands.stream()
                .flatMap(operand -> operand.letters.keySet().stream())
                .anyMatch(letter -> !kept.contains(letter.name()) && !letter.isEcho());
    }

    private Set<AxisFactor> outputFactors() {
        Set<AxisFactor> kept = new LinkedHashSet<>();
        notation.outputLetters().forEach(letter -> kept.addAll(canonical.getOrDefault(letter, List.of())));
        return kept;
    }

    // ---- outputs

    /**
     * Lays out one output.
     *
     * @param terms its axes in the notation
     * @param shape its inferred shape, used where no letter describes an axis
     */
    Layout output(List<AxisTerm> terms, List<Dim> shape) {
        List<List<AxisFactor>> axes = new ArrayList<>();
        for (int axis = 0; axis < terms.size(); axis++) {
            List<AxisFactor> factors = new ArrayList<>();
            boolean known = true;
            for (Letter letter : terms.get(axis).letters()) {
                known &= letter.marker() != Marker.OPAQUE && isKnown(letter);
                factors.addAll(canonical.getOrDefault(letter.name(), List.of()));
            }
            boolean fresh = !known && !shape.get(axis).is(1);
            axes.add(fresh ? List.of(new AxisFactor(shape.get(axis))) : known ? factors : List.of());
        }
        Set<AxisFactor> available = new LinkedHashSet<>();
        axes.forEach(available::addAll);
        Layout layout = new Layout(axes, LabelMap.largest(remainingMaps(List.copyOf(available))));
        relations.tieInversions(
                layout, axis -> barrier(node.id(), axis, "columns that always stay are interleaved with it"));
        return layout;
    }

    private boolean isKnown(Letter letter) {
        return operands.stream()
                .flatMap(operand -> operand.letters.keySet().stream())
                .anyMatch(each -> each.name().equals(letter.name()) && each.marker() != Marker.OPAQUE);
    }

    private List<LabelMap> remainingMaps(List<AxisFactor> available) {
        List<LabelMap> remaining = new ArrayList<>();
        for (Operand operand : operands) {
            for (LabelMap map : operand.layout.maps()) {
                if (map.coversAny(available)) {
                    Barrier reason = barrier(operand.value, -1, "a position that always stays is summed with it");
                    remaining.add(relations.contract(map, available, reason));
                }
            }
        }
        return remaining;
    }
}
