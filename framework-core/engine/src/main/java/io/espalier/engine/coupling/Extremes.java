package io.espalier.engine.coupling;

import io.espalier.engine.coupling.AppliedLine.AppliedOperand;
import io.espalier.engine.operator.Letter.Marker;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.graph.Node;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Largest and smallest values over channels. Of features, which weights read as well, they are a statistic like a mean;
 * of channels that nothing else reads, such as the scores of classes, they decide between candidates, which stay.
 */
final class Extremes {

    private final Labels labels;
    private final BitSet weighed = new BitSet();

    Extremes(Labels labels, Parameters parameters, Roles roles) {
        this.labels = labels;
        for (Home home : roles.homes(parameters.layouts())) {
            if (home.role() == ParameterRole.CONSUMER) {
                Field field = parameters.layouts().get(home.use()).fields().get(home.field());
                Arrays.stream(field.labels())
                        .filter(label -> label != Field.FIXED)
                        .forEach(label -> weighed.set(labels.find(label)));
            }
        }
    }

    /** Freezes what a node compares and no weight reads. */
    void freezeDecisions(Node node, AppliedLine line) {
        for (AppliedOperand operand : line.operands()) {
            operand.letters().forEach((letter, factors) -> {
                if (letter.marker() == Marker.EXTREME) {
                    operand.layout().fields().stream()
                            .filter(field -> field.coversAny(factors))
                            .forEach(field -> freezeDecisions(field, barrier(node, operand, factors)));
                }
            });
        }
    }

    private static Barrier barrier(Node node, AppliedOperand operand, List<Factor> factors) {
        int axis = 0;
        while (!operand.layout().axes().get(axis).contains(factors.get(0))) {
            axis++;
        }
        return new Barrier(
                node.qualifiedOperator(),
                node.id(),
                operand.value(),
                axis,
                "the operator decides between its positions");
    }

    private void freezeDecisions(Field field, Barrier reason) {
        for (int label : field.labels()) {
            if (label != Field.FIXED && !weighed.get(labels.find(label))) {
                labels.freeze(label, reason);
            }
        }
    }
}
