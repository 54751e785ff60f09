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
 * How many classes every index of every value and parameter has left while classes go.
 *
 * <p>A group keeps a channel of its own, but not every value holds channels of every group: of two halves that a network
 * splits and joins again, one could go as a whole. Not thread-safe.
 */
public final class RemainingCounts {

    /** For each class the numbers of the indices it is on. */
    private final int[][] places;
    /** How many classes are left on each index. */
    private final int[] left;

    private final BitSet gone = new BitSet();

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
        this.places = new int[coupling.classes().count()][];
        int[] counts = new int[places.length];
        for (IntBuffer index : indices) {
            for (int each : index.array()) {
                counts[each]++;
            }
        }
        Arrays.setAll(places, each -> new int[counts[each]]);
        int number = 0;
        for (IntBuffer index : indices) {
            left[number] = index.array().length;
            for (int each : index.array()) {
                places[each][--counts[each]] = number;
            }
            number++;
        }
    }

    /** The classes of a field once each, in ascending order; one that always stays comes first. */
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
     * Lets classes go, unless that would leave nothing of some index.
     *
     * @return whether they went
     */
    public boolean remove(BitSet classes) {
        BitSet going = (BitSet) classes.clone();
        going.andNot(gone);
        if (count(going, -1)) {
            gone.or(going);
            return true;
        }
        count(going, 1);
        return false;
    }

    /** Whether every index that was counted has something left. */
    private boolean count(BitSet classes, int change) {
        boolean some = true;
        for (int each = classes.nextSetBit(0); each >= 0; each = classes.nextSetBit(each + 1)) {
            for (int place : places[each]) {
                left[place] += change;
                some &= left[place] > 0;
            }
        }
        return some;
    }
}
