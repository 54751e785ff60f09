package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.AppliedNotation.AppliedOperand;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.graph.operator.Letter.Marker;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Largest and smallest values over channels. Of features, which weights read as well, they are a statistic like a mean;
 * of channels that nothing else reads, such as the scores of classes, they decide between candidates, which cannot be removed.
 * The candidates for one channel, as the pieces of a maxout layer are, are removed together with it.
 */
final class Extremes {

    private final Labels labels;
    private final Relations relations;
    private final BitSet weighed = new BitSet();

    Extremes(Labels labels, Parameters parameters, Roles roles) {
        this.labels = labels;
        this.relations = new Relations(labels);
        for (LabelledAxis labelledAxis : roles.labelledAxes(parameters.layouts())) {
            if (labelledAxis.role() == ParameterRole.CONSUMER) {
                LabelMap map =
                        parameters.layouts().get(labelledAxis.use()).maps().get(labelledAxis.map());
                Arrays.stream(map.labels())
                        .filter(label -> label != LabelMap.FIXED)
                        .forEach(label -> weighed.set(labels.find(label)));
            }
        }
    }

    /** Keeps together, or freezes where nothing else tells them apart, the positions that a node compares and no weight reads. */
    void settle(Node node, AppliedNotation applied) {
        for (AppliedOperand operand : applied.operands()) {
            operand.letters().forEach((letter, factors) -> {
                if (letter.marker() == Marker.EXTREME) {
                    operand.layout().maps().stream()
                            .filter(map -> map.coversAny(factors))
                            .forEach(map -> settle(node, operand, map, factors));
                }
            });
        }
    }

    private void settle(Node node, AppliedOperand operand, LabelMap map, List<AxisFactor> compared) {
        Barrier reason = barrier(node, operand, compared);
        List<AxisFactor> order = new ArrayList<>(map.factors());
        order.removeAll(compared);
        int channels = AxisFactor.count(order);
        map.factors().stream().filter(compared::contains).forEach(order::add);
        int[] ordered = map.labelsOver(order);
        int candidates = ordered.length / channels;
        boolean statistic = false;
        for (int channel = 0; channel < channels; channel++) {
            int[] row = Arrays.copyOfRange(ordered, channel * candidates, (channel + 1) * candidates);
            boolean features = Arrays.stream(row).allMatch(this::isWeighed);
            statistic |= features;
            if (!features) {
                settle(row, channels > 1, reason);
            }
        }
        if (statistic) {
            relations.tieStatistic(
                    operand.layout(),
                    map,
                    compared,
                    axis -> Barrier.at(node, operand.value(), axis, Relations.STATISTIC));
        }
    }

    private static Barrier barrier(Node node, AppliedOperand operand, List<AxisFactor> factors) {
        int axis = 0;
        while (!operand.layout().axes().get(axis).contains(factors.get(0))) {
            axis++;
        }
        return Barrier.at(node, operand.value(), axis, "the operator decides between its positions");
    }

    private boolean isWeighed(int label) {
        return label == LabelMap.FIXED || weighed.get(labels.find(label));
    }

    /** Settles the candidates for one channel. */
    private void settle(int[] candidates, boolean amongOthers, Barrier reason) {
        for (int label : candidates) {
            if (amongOthers) {
                labels.join(candidates[0], label, reason);
            } else if (!isWeighed(label)) {
                labels.freeze(label, reason);
            }
        }
    }
}
