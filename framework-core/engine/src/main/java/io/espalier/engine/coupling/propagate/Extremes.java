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
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Largest and smallest values over channels. Of features, which weights read as well, they are a statistic like a mean;
 * of channels that nothing else reads, such as the scores of classes, they decide between candidates, which cannot be removed.
 */
final class Extremes {

    private final Labels labels;
    private final BitSet weighed = new BitSet();

    Extremes(Labels labels, Parameters parameters, Roles roles) {
        this.labels = labels;
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

    /** Freezes the positions that a node compares and no weight reads. */
    void freezeDecisions(Node node, AppliedNotation applied) {
        for (AppliedOperand operand : applied.operands()) {
            operand.letters().forEach((letter, factors) -> {
                if (letter.marker() == Marker.EXTREME) {
                    operand.layout().maps().stream()
                            .filter(map -> map.coversAny(factors))
                            .forEach(map -> freezeDecisions(map, barrier(node, operand, factors)));
                }
            });
        }
    }

    private static Barrier barrier(Node node, AppliedOperand operand, List<AxisFactor> factors) {
        int axis = 0;
        while (!operand.layout().axes().get(axis).contains(factors.get(0))) {
            axis++;
        }
        return Barrier.at(node, operand.value(), axis, "the operator decides between its positions");
    }

    private void freezeDecisions(LabelMap map, Barrier reason) {
        for (int label : map.labels()) {
            if (label != LabelMap.FIXED && !weighed.get(labels.find(label))) {
                labels.freeze(label, reason);
            }
        }
    }
}
