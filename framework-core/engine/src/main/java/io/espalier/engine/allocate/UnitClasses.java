package io.espalier.engine.allocate;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.score.GroupScores;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The classes that units remove, unit after unit in one array: a search adds the same units again and again, and channels
 * lie all over the heap.
 */
final class UnitClasses {

    private final int[] classes;
    /** Where the classes of each unit begin, and where the last end. */
    private final int[] starts;

    UnitClasses(List<GroupScores> groups, List<Unit> units) {
        this.starts = new int[units.size() + 1];
        List<int[]> parts = new ArrayList<>();
        int size = 0;
        for (int i = 0; i < units.size(); i++) {
            List<CoupledChannel> channels =
                    groups.get(units.get(i).group()).group().channels();
            for (int channel : units.get(i).channels()) {
                parts.add(channels.get(channel).classes());
                size += parts.get(parts.size() - 1).length;
            }
            starts[i + 1] = size;
        }
        this.classes = new int[size];
        int next = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, classes, next, part.length);
            next += part.length;
        }
    }

    /** Some classes, and those of the units from one index to before another. */
    BitSet added(BitSet before, int from, int to) {
        BitSet all = (BitSet) before.clone();
        for (int i = starts[from]; i < starts[to]; i++) {
            all.set(classes[i]);
        }
        return all;
    }
}
