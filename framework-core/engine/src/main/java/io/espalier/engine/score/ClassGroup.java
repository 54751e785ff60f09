package io.espalier.engine.score;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.evidence.ClassedGroup;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Classes of the coupling that may be removed and lie on the same axes, as a criterion sees them. Immutable. */
final class ClassGroup implements ClassedGroup {

    private final List<ParameterAxis> axes;
    private final List<Member> members;

    /**
     * One class.
     *
     * @param number its number
     * @param slices for each axis the positions it holds
     */
    private record Member(int number, List<int[]> slices) {}

    private ClassGroup(List<ParameterAxis> axes, List<Member> members) {
        this.axes = List.copyOf(axes);
        this.members = List.copyOf(members);
    }

    /** All groups, in the order of their first class. */
    static List<ClassGroup> of(Coupling coupling, ScoredParameters parameters) {
        List<LabelledAxis> axes =
                coupling.labelledAxes().stream().filter(parameters::isScored).toList();
        Map<Integer, Map<Integer, List<Integer>>> positions = new TreeMap<>();
        for (int axis = 0; axis < axes.size(); axis++) {
            int[] classes = coupling.classesAt(axes.get(axis));
            for (int position = 0; position < classes.length; position++) {
                if (classes[position] >= 0
                        && coupling.classes().frozen(classes[position]).isEmpty()) {
                    positions
                            .computeIfAbsent(classes[position], number -> new LinkedHashMap<>())
                            .computeIfAbsent(axis, number -> new ArrayList<>())
                            .add(position);
                }
            }
        }
        Map<List<Integer>, List<Member>> byAxes = new LinkedHashMap<>();
        positions.forEach((number, slices) -> byAxes.computeIfAbsent(
                        List.copyOf(slices.keySet()), key -> new ArrayList<>())
                .add(new Member(
                        number, slices.values().stream().map(ClassGroup::array).toList())));
        List<ParameterAxis> views =
                axes.stream().map(each -> (ParameterAxis) parameters.view(each)).toList();
        return byAxes.entrySet().stream()
                .map(entry ->
                        new ClassGroup(entry.getKey().stream().map(views::get).toList(), entry.getValue()))
                .toList();
    }

    private static int[] array(List<Integer> positions) {
        return positions.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int[] classes() {
        return members.stream().mapToInt(Member::number).toArray();
    }

    @Override
    public String name() {
        return axes.stream()
                .filter(axis -> axis.role() == ParameterRole.PRODUCER)
                .findFirst()
                .orElse(axes.get(0))
                .parameter();
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public List<ParameterAxis> axes() {
        return axes;
    }

    @Override
    public int[] slices(int channel, int axis) {
        int[] slices = members.get(channel).slices().get(axis);
        return Arrays.copyOf(slices, slices.length);
    }
}
