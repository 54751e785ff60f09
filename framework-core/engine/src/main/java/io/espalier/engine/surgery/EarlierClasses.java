package io.espalier.engine.surgery;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the classes of a graph that was cut are in the graph before. A cut leaves parameters in their order, and of each the positions
 * that it keeps.
 */
public final class EarlierClasses {

    private EarlierClasses() {}

    /**
     * The classes of a cut graph as those before.
     *
     * @param before coupling of the graph before the cut
     * @param removal what the cut removed
     * @param after coupling of the cut graph
     * @return for each class of the cut graph, the class before; -1 where none of its positions could be removed
     * @throws InvalidInputException when the cut changed what is coupled
     */
    public static int[] of(Coupling before, Removal removal, Coupling after) {
        List<LabelledAxis> earlier = before.labelledAxes();
        List<LabelledAxis> later = after.labelledAxes();
        require(earlier.size() == later.size(), "other parameters have channels");
        int count = later.stream()
                        .flatMapToInt(axis -> Arrays.stream(after.classesAt(axis)))
                        .max()
                        .orElse(-1)
                + 1;
        int[] classes = new int[count];
        Arrays.fill(classes, -1);
        for (int i = 0; i < later.size(); i++) {
            int[] kept = kept(before.classesAt(earlier.get(i)), removal);
            int[] found = after.classesAt(later.get(i));
            String parameter = earlier.get(i).use().constant();
            require(kept.length == found.length, "the channels of '" + parameter + "' are others");
            for (int position : IntStream.range(0, kept.length).toArray()) {
                int now = found[position];
                if (now >= 0 && kept[position] >= 0) {
                    boolean same = classes[now] < 0 || classes[now] == kept[position];
                    require(same, "channels of '" + parameter + "' are coupled that were not");
                    classes[now] = kept[position];
                }
            }
        }
        return classes;
    }

    private static int[] kept(int[] classes, Removal removal) {
        return Arrays.stream(classes).filter(each -> !removal.removes(each)).toArray();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new InvalidInputException("The model cannot be cut in several steps, because after the first "
                    + otherwise + "; cut it in one step.");
        }
    }
}
