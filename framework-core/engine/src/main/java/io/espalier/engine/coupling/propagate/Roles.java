package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.operator.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the role of each labelled axis of a parameter, from the operators that read it. */
final class Roles {

    private final Operators operators;
    /** Roles by the first label of a map: labels keep their identity when a parameter is moved around first. */
    private ParameterRole[] byLabel = new ParameterRole[0];

    Roles(Operators operators) {
        this.operators = operators;
    }

    /** Learns from one application of index notation. */
    void learn(NodeView view, AppliedNotation applied, Set<String> constantDerived) {
        Set<String> kept = applied.notation().outputLetters();
        for (AppliedNotation.AppliedOperand operand : applied.operands()) {
            if (operand.use() == null && !constantDerived.contains(operand.value())) {
                continue;
            }
            for (LabelMap map : operand.layout().maps()) {
                learn(map, role(view, kept, operand, map));
            }
        }
    }

    /** Learns that rows of a constant are looked up: its columns compute channels, as those of a weight do. */
    void learnTable(Layout table) {
        for (LabelMap map : table.maps()) {
            learn(map, ParameterRole.PRODUCER);
        }
    }

    private void learn(LabelMap map, ParameterRole role) {
        for (int label : map.labels()) {
            if (label >= byLabel.length) {
                byLabel = Arrays.copyOf(byLabel, 2 * label + 1);
            }
            // An operator that only scales or converts a constant does not settle its role; its next reader may.
            if (role != ParameterRole.OTHER && label != LabelMap.FIXED && byLabel[label] == null) {
                byLabel[label] = role;
            }
        }
    }

    private ParameterRole role(NodeView view, Set<String> kept, AppliedNotation.AppliedOperand operand, LabelMap map) {
        boolean isWeight = operand.letters().keySet().stream()
                .anyMatch(letter -> letter.marker() == Letter.Marker.NONE && !kept.contains(letter.name()));
        AxisFactor innermost = map.factors().get(map.factors().size() - 1);
        if (isWeight) {
            boolean summed = operand.letters().entrySet().stream()
                    .anyMatch(entry -> entry.getValue().contains(innermost)
                            && !kept.contains(entry.getKey().name()));
            return summed ? ParameterRole.CONSUMER : ParameterRole.PRODUCER;
        }
        boolean addsAlongOneMap =
                operators.is(view.node(), Trait.ADDS) && operand.layout().maps().size() == 1;
        return switch (slotRole(view, operand.slot())) {
            case SCALE -> ParameterRole.NORM_SCALE;
            case SHIFT -> ParameterRole.NORM_SHIFT;
            case STATISTIC -> ParameterRole.NORM_STATISTIC;
            case BIAS -> ParameterRole.BIAS;
            default -> addsAlongOneMap ? ParameterRole.BIAS : ParameterRole.OTHER;
        };
    }

    private SlotRole slotRole(NodeView view, int slot) {
        return operators
                .of(view.node())
                .map(definition -> definition.role(view, slot))
                .orElse(SlotRole.DATA);
    }

    ParameterRole of(LabelMap map) {
        for (int label : map.labels()) {
            if (label != LabelMap.FIXED && label < byLabel.length && byLabel[label] != null) {
                return byLabel[label];
            }
        }
        return ParameterRole.OTHER;
    }

    /** The labelled axes of all parameters, in the order of the graph. */
    List<LabelledAxis> labelledAxes(Map<ParameterUse, Layout> parameters) {
        List<LabelledAxis> labelledAxes = new ArrayList<>();
        parameters.forEach((use, layout) -> {
            for (int i = 0; i < layout.maps().size(); i++) {
                LabelMap map = layout.maps().get(i);
                labelledAxes.add(new LabelledAxis(use, i, axisOf(layout, map), extents(layout, map), of(map)));
            }
        });
        return labelledAxes;
    }

    private static int axisOf(Layout layout, LabelMap map) {
        AxisFactor innermost = map.factors().get(map.factors().size() - 1);
        for (int axis = 0; axis < layout.rank(); axis++) {
            if (layout.axes().get(axis).contains(innermost)) {
                return axis;
            }
        }
        throw new IllegalStateException("a label map covers a factor that is on no axis");
    }

    private static List<Integer> extents(Layout layout, LabelMap map) {
        boolean oneAxis = layout.axes().stream().anyMatch(axis -> axis.containsAll(map.factors()));
        List<Integer> extents = map.factors().stream().map(AxisFactor::count).toList();
        return oneAxis ? List.of(extents.stream().reduce(1, Math::multiplyExact)) : extents;
    }
}
