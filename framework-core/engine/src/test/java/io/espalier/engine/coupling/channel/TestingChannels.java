package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Channels in words, such as {@code conv1.weight:0[0 4]}: which positions of which axes go. */
final class TestingChannels {

    private TestingChannels() {}

    /** Every home of which something goes, in the order of the graph. */
    static List<String> describe(Coupling coupling, CoupledChannel channel) {
        Set<Integer> gone = new HashSet<>();
        for (int each : channel.classes()) {
            gone.add(each);
        }
        List<String> lines = new ArrayList<>();
        for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
            int[] classes = coupling.classesAt(labelledAxis);
            int[] table = coupling.slices(labelledAxis).tables().get(labelledAxis.axis());
            boolean oneAxis = labelledAxis.extents().size() == 1;
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < (oneAxis ? table.length : classes.length); i++) {
                if (gone.contains(classes[oneAxis ? table[i] : i])) {
                    places.add(i);
                }
            }
            if (!places.isEmpty()) {
                lines.add(labelledAxis.use() + ":" + labelledAxis.axis() + "[" + runs(places) + "]");
            }
        }
        return lines;
    }

    /** Positions in ascending order, three and more neighbours as {@code first..last}. */
    private static String runs(List<Integer> places) {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < places.size(); ) {
            int end = i;
            while (end + 1 < places.size() && places.get(end + 1) == places.get(end) + 1) {
                end++;
            }
            if (end - i >= 2) {
                runs.add(places.get(i) + ".." + places.get(end));
            } else {
                places.subList(i, end + 1).forEach(place -> runs.add(place.toString()));
            }
            i = end + 1;
        }
        return String.join(" ", runs);
    }
}
