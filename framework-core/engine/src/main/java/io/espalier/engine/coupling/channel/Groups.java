package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.SortedInts;
import io.espalier.spi.criterion.ParameterRole;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** Finds the groups of coupled channels that can be removed. */
public final class Groups {

    private Groups() {}

    /**
     * The groups of a coupling, heads as a whole.
     *
     * @param score importance of a class; decides which columns of a grid are removed together, and nothing else
     */
    public static List<Group> of(Coupling coupling, IntToDoubleFunction score) {
        return of(coupling, score, Heads.WHOLE);
    }

    /**
     * The groups of a coupling.
     *
     * @param score importance of a class; decides which columns of a grid are removed together, and nothing else
     * @param heads how heads are made smaller
     */
    public static List<Group> of(Coupling coupling, IntToDoubleFunction score, Heads heads) {
        return of(coupling, new Channels(coupling, score, heads).find());
    }

    /** Collects coupled channels with the same labelled axes. */
    private static List<Group> of(Coupling coupling, List<CoupledChannel> channels) {
        int[][] homesOf = homesOfClasses(coupling);
        Map<Kind, List<CoupledChannel>> kinds = new LinkedHashMap<>();
        for (CoupledChannel channel : channels) {
            boolean head = Arrays.stream(channel.classes()).anyMatch(coupling.classes()::isWholeRow);
            kinds.computeIfAbsent(
                            new Kind(head, IntBuffer.wrap(labelledAxes(channel, homesOf))), key -> new ArrayList<>())
                    .add(channel);
        }
        List<Group> groups = new ArrayList<>();
        kinds.forEach((kind, members) -> {
            List<LabelledAxis> labelledAxes = Arrays.stream(kind.labelledAxes().array())
                    .mapToObj(coupling.labelledAxes()::get)
                    .toList();
            groups.add(new Group(
                    groups.size(), name(labelledAxes), signature(labelledAxes, members.size()), labelledAxes, members));
        });
        return groups;
    }

    /** Channels of one kind are ranked against each other: heads are not ranked against channels of heads. */
    private record Kind(boolean head, IntBuffer labelledAxes) {}

    /** Numbers of the labelled axes of a channel, in ascending order. */
    private static int[] labelledAxes(CoupledChannel channel, int[]... homesOf) {
        int[] classes = channel.classes();
        if (classes.length == 1) {
            return homesOf[classes[0]];
        }
        int size = 0;
        for (int each : classes) {
            size += homesOf[each].length;
        }
        int[] labelledAxes = new int[size];
        int next = 0;
        for (int each : classes) {
            System.arraycopy(homesOf[each], 0, labelledAxes, next, homesOf[each].length);
            next += homesOf[each].length;
        }
        return SortedInts.distinct(labelledAxes);
    }

    /** For each class the numbers of its labelled axes, in ascending order. */
    private static int[][] homesOfClasses(Coupling coupling) {
        List<int[]> classes = coupling.labelledAxes().stream()
                .map(labelledAxis -> distinct(coupling.classesAt(labelledAxis)))
                .toList();
        int[] counts = new int[coupling.classes().count()];
        for (int[] labelledAxis : classes) {
            for (int each : labelledAxis) {
                counts[each]++;
            }
        }
        int[][] homesOf = new int[counts.length][];
        Arrays.setAll(homesOf, each -> new int[counts[each]]);
        Arrays.fill(counts, 0);
        for (int number = 0; number < classes.size(); number++) {
            for (int each : classes.get(number)) {
                homesOf[each][counts[each]++] = number;
            }
        }
        return homesOf;
    }

    /** Each class once; fixed positions have none. */
    private static int[] distinct(int... classes) {
        BitSet seen = new BitSet();
        int[] distinct = new int[classes.length];
        int count = 0;
        for (int each : classes) {
            if (each >= 0 && !seen.get(each)) {
                seen.set(each);
                distinct[count++] = each;
            }
        }
        return Arrays.copyOf(distinct, count);
    }

    /** The first weight that computes the channels, else the first parameter they are cut from. */
    private static String name(List<LabelledAxis> labelledAxes) {
        return labelledAxes.stream()
                .filter(labelledAxis -> labelledAxis.role() == ParameterRole.PRODUCER)
                .findFirst()
                .or(() -> labelledAxes.stream().findFirst())
                .map(labelledAxis -> labelledAxis.use().constant())
                .orElse("");
    }

    /** Roles and widths without names: equal for groups of the same structure. */
    private static String signature(List<LabelledAxis> labelledAxes, int channels) {
        StringBuilder signature = new StringBuilder().append(channels);
        labelledAxes.forEach(labelledAxis ->
                signature.append(' ').append(labelledAxis.role()).append(labelledAxis.extents()));
        return signature.toString();
    }
}
