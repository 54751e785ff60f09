package io.espalier.engine.regularize;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.SliceMap;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.regularizer.CoupledGroup;
import io.espalier.spi.regularizer.CoupledSlices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The elements of weights that each class of a coupling removes, class by class, grouped by the axes that they lie on.
 *
 * @param groups the groups, in the order of their first class
 * @param classes for each group the numbers of its classes
 */
record CoupledElements(List<CoupledGroup> groups, List<int[]> classes) {

    /** The classes that may be removed and lie on weights of some names. */
    static CoupledElements of(Coupling coupling, Collection<String> weights) {
        List<LabelledAxis> axes = coupling.labelledAxes().stream()
                .filter(axis -> weights.contains(axis.use().constant()) && axis.role() != ParameterRole.NORM_STATISTIC)
                .toList();
        Map<Integer, Map<Integer, int[]>> elements = new TreeMap<>();
        Map<String, List<int[]>> before = new LinkedHashMap<>();
        for (int axis = 0; axis < axes.size(); axis++) {
            List<int[]> earlier = before.computeIfAbsent(axes.get(axis).use().constant(), name -> new ArrayList<>());
            int[] owners = owners(coupling, axes.get(axis));
            int number = axis;
            split(owners, earlier)
                    .forEach((owner, indices) -> elements.computeIfAbsent(owner, each -> new TreeMap<>())
                            .put(number, indices));
            earlier.add(owners);
        }
        Map<List<Integer>, List<Integer>> byAxes = new LinkedHashMap<>();
        elements.forEach(
                (owner, slices) -> byAxes.computeIfAbsent(List.copyOf(slices.keySet()), key -> new ArrayList<>())
                        .add(owner));
        List<CoupledGroup> groups = new ArrayList<>();
        List<int[]> classes = new ArrayList<>();
        byAxes.forEach((lain, members) -> {
            List<CoupledSlices> slices = lain.stream()
                    .map(axis -> new CoupledSlices(
                            axes.get(axis).use().constant(),
                            axes.get(axis).role(),
                            members.stream()
                                    .map(owner -> elements.get(owner).get(axis))
                                    .toArray(int[][]::new)))
                    .toList();
            groups.add(new CoupledGroup(name(slices), slices));
            classes.add(members.stream().mapToInt(Integer::intValue).toArray());
        });
        return new CoupledElements(groups, classes);
    }

    private static String name(List<CoupledSlices> slices) {
        return slices.stream()
                .filter(each -> each.role() == ParameterRole.PRODUCER)
                .findFirst()
                .orElse(slices.get(0))
                .weight();
    }

    /** For each element of a weight the class that removes it by way of an axis, -1 for none. */
    private static int[] owners(Coupling coupling, LabelledAxis axis) {
        SliceMap map = coupling.slices(axis);
        int[] slices = {0};
        for (int[] table : map.tables()) {
            int[] finer = new int[slices.length * table.length];
            for (int i = 0; i < finer.length; i++) {
                finer[i] = slices[i / table.length] + table[i % table.length];
            }
            slices = finer;
        }
        int[] classes = coupling.classesAt(axis);
        for (int i = 0; i < slices.length; i++) {
            int found = classes[slices[i]];
            slices[i] = found >= 0 && coupling.classes().frozen(found).isEmpty() ? found : -1;
        }
        return slices;
    }

    /** The elements of each class, without those that it has by way of an earlier axis. */
    private static Map<Integer, int[]> split(int[] owners, List<int[]> earlier) {
        Map<Integer, int[]> split = new TreeMap<>();
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int element = 0; element < owners.length; element++) {
            if (isFirst(owners, earlier, element)) {
                counts.merge(owners[element], 1, Integer::sum);
            }
        }
        counts.forEach((owner, count) -> split.put(owner, new int[count]));
        counts.replaceAll((owner, count) -> 0);
        for (int element = 0; element < owners.length; element++) {
            if (isFirst(owners, earlier, element)) {
                split.get(owners[element])[counts.merge(owners[element], 1, Integer::sum) - 1] = element;
            }
        }
        return split;
    }

    private static boolean isFirst(int[] owners, List<int[]> earlier, int element) {
        return owners[element] >= 0 && earlier.stream().noneMatch(each -> each[element] == owners[element]);
    }

    /** Scores by number of the class; those of other classes are not numbers. */
    double[] byClass(double[][] scores, int count) {
        double[] all = new double[count];
        Arrays.fill(all, Double.NaN);
        for (int group = 0; group < scores.length; group++) {
            for (int channel = 0; channel < scores[group].length; channel++) {
                all[classes.get(group)[channel]] = scores[group][channel];
            }
        }
        return all;
    }
}
