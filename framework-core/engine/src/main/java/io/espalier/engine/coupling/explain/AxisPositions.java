package io.espalier.engine.coupling.explain;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The labels of each position of one axis. */
final class AxisPositions {

    private final Map<int[], int[]> numbersOf = new LinkedHashMap<>();
    private final int count;

    AxisPositions(Layout layout, int axis) {
        // Pieces of unknown extent carry no labels: positions are counted along the others.
        List<AxisFactor> along =
                layout.axes().get(axis).stream().filter(AxisFactor::isNumeric).toList();
        this.count = AxisFactor.count(along);
        for (LabelMap map : layout.maps()) {
            List<AxisFactor> covered = along.stream().filter(map::covers).toList();
            if (!covered.isEmpty()) {
                List<AxisFactor> order = new ArrayList<>(covered);
                map.factors().stream()
                        .filter(factor -> !covered.contains(factor))
                        .forEach(order::add);
                numbersOf.put(map.labelsOver(order), LabelMap.numbering(covered).labelsOver(along));
            }
        }
    }

    int count() {
        return count;
    }

    /** Whether no position carries a label. */
    boolean isInert() {
        return numbersOf.isEmpty();
    }

    /** Labels of the elements at one position; {@link LabelMap#FIXED} among them where one cannot be removed. */
    Set<Integer> at(int position) {
        Set<Integer> found = new LinkedHashSet<>();
        numbersOf.forEach((labels, numbers) -> {
            int rows =
                    numbers.length == 0 ? 1 : 1 + Arrays.stream(numbers).max().orElse(0);
            int width = labels.length / rows;
            for (int i = 0; i < width; i++) {
                found.add(labels[numbers[position] * width + i]);
            }
        });
        return found;
    }
}
