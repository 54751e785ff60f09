package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelMap;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How many classes every label map of every value and parameter has left while classes are removed.
 *
 * <p>Every group keeps a channel, but that does not keep every value from becoming empty: of two halves that a network
 * splits and joins again, one could be removed as a whole. Not thread-safe.
 */
public final class RemainingCounts {

    /** For each class the numbers of the label maps that hold it. */
    private final int[][] indicesOf;
    /** How many classes each label map has left. */
    private final int[] left;

    private final BitSet removed = new BitSet();

    /** All classes of every value and parameter, before anything is removed. */
    public RemainingCounts(Coupling coupling) {
        Set<IntBuffer> indices = new LinkedHashSet<>();
        Stream.concat(coupling.graph().values().values().stream(), coupling.graph().parameters().values().stream())
                .flatMap(layout -> layout.maps().stream())
                .map(map -> classes(coupling, map))
                .filter(classes -> classes.length > 0 && classes[0] >= 0)
                .map(IntBuffer::wrap)
                .forEach(indices::add);
        this.left = new int[indices.size()];
        this.indicesOf = new int[coupling.classes().count()][];
        int[] counts = new int[indicesOf.length];
        for (IntBuffer index : indices) {
            for (int each : index.array()) {
                counts[each]++;
            }
        }
        Arrays.setAll(indicesOf, each -> new int[counts[each]]);
        int number = 0;
        for (IntBuffer index : indices) {
            left[number] = index.array().length;
            for (int each : index.array()) {
                indicesOf[each][--counts[each]] = number;
            }
            number++;
        }
    }

    /** The classes of a label map once each, in ascending order; -1, for fixed positions, comes first. */
    private static int[] classes(Coupling coupling, LabelMap map) {
        int[] classes = new int[map.labels().length];
        Arrays.setAll(classes, i -> coupling.classes().of(map.labels()[i]));
        Arrays.sort(classes);
        int count = 0;
        for (int each : classes) {
            if (count == 0 || classes[count - 1] != each) {
                classes[count++] = each;
            }
        }
        return Arrays.copyOf(classes, count);
    }

    /**
     * Removes classes, unless that would leave some label map empty.
     *
     * @return whether they were removed
     */
    public boolean remove(BitSet classes) {
        BitSet added = (BitSet) classes.clone();
        added.andNot(removed);
        if (count(added, -1)) {
            removed.or(added);
            return true;
        }
        count(added, 1);
        return false;
    }

    /** Whether every label map that was counted has something left. */
    private boolean count(BitSet classes, int change) {
        boolean some = true;
        for (int each = classes.nextSetBit(0); each >= 0; each = classes.nextSetBit(each + 1)) {
            for (int index : indicesOf[each]) {
                left[index] += change;
                some &= left[index] > 0;
            }
        }
        return some;
    }
}
