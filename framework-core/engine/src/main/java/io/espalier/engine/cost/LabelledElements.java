package io.espalier.engine.cost;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.SliceMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts the elements of a parameter that a removal keeps.
 *
 * <p>Labelled indices that share no axis are independent, and their counts multiply. Those that share one, as the input
 * and output channels of a grouped convolution do, are counted together, position by position.
 */
final class LabelledElements {

    private final List<Long> shape;
    private final List<Index> indices = new ArrayList<>();
    private final List<Cluster> clusters = new ArrayList<>();

    /** One labelled index: the class of each slice, and what each position of each axis adds to the slice. */
    private record Index(int[] classes, List<int[]> tables) {

        boolean variesAlong(int axis) {
            return Arrays.stream(tables.get(axis)).anyMatch(each -> each != 0);
        }

        int slice(int element, List<Long> shape) {
            int slice = 0;
            int rest = element;
            for (int axis = shape.size() - 1; axis >= 0; axis--) {
                int extent = shape.get(axis).intValue();
                slice += tables.get(axis)[rest % extent];
                rest /= extent;
            }
            return slice;
        }
    }

    /** Labelled indices that are counted together, and the axes they vary along. */
    private record Cluster(List<Index> members, Set<Integer> axes) {}

    LabelledElements(List<Long> shape, List<LabelledAxis> labelledAxes, Coupling coupling) {
        this.shape = shape;
        for (LabelledAxis labelledAxis : labelledAxes) {
            SliceMap slices = coupling.slices(labelledAxis);
            Index index = new Index(coupling.classesAt(labelledAxis), slices.tables());
            indices.add(index);
            addToClusters(index);
        }
    }

    private void addToClusters(Index index) {
        List<Index> members = new ArrayList<>();
        Set<Integer> axes = new LinkedHashSet<>();
        for (int axis = 0; axis < shape.size(); axis++) {
            if (index.variesAlong(axis)) {
                axes.add(axis);
            }
        }
        for (Cluster cluster : List.copyOf(clusters)) {
            if (cluster.axes().stream().anyMatch(axes::contains)) {
                members.addAll(cluster.members());
                axes.addAll(cluster.axes());
                clusters.remove(cluster);
            }
        }
        members.add(index);
        clusters.add(new Cluster(List.copyOf(members), axes));
    }

    long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    boolean loses(Removal removal) {
        return indices.stream()
                .flatMapToInt(index -> Arrays.stream(index.classes()))
                .anyMatch(removal::removes);
    }

    /** Whether both, labels of one constant as two readers see it, lose the same elements. */
    boolean losesTheSame(LabelledElements other, Removal removal) {
        return losesTheSameSlices(other, removal)
                || kept(removal) == other.kept(removal) && keptElements(removal).equals(other.keptElements(removal));
    }

    private boolean losesTheSameSlices(LabelledElements other, Removal removal) {
        if (indices.size() != other.indices.size()) {
            return false;
        }
        for (int i = 0; i < indices.size(); i++) {
            if (!Arrays.equals(kept(indices.get(i), removal), kept(other.indices.get(i), removal))) {
                return false;
            }
        }
        return true;
    }

    /** Row-major numbers of the elements that are kept. */
    private BitSet keptElements(Removal removal) {
        BitSet elements = new BitSet();
        elements.set(0, Math.toIntExact(size()));
        for (Index index : indices) {
            boolean[] kept = kept(index, removal);
            for (int element = elements.nextSetBit(0); element >= 0; element = elements.nextSetBit(element + 1)) {
                elements.set(element, kept[index.slice(element, shape)]);
            }
        }
        return elements;
    }

    private static boolean[] kept(Index index, Removal removal) {
        boolean[] kept = new boolean[index.classes().length];
        for (int slice = 0; slice < kept.length; slice++) {
            kept[slice] = !removal.removes(index.classes()[slice]);
        }
        return kept;
    }

    long kept(Removal removal) {
        long kept = size();
        for (Cluster cluster : clusters) {
            long all = cluster.axes().stream().mapToLong(shape::get).reduce(1, Math::multiplyExact);
            kept = all == 0 ? 0 : kept / all * kept(cluster, all, removal);
        }
        return kept;
    }

    private long kept(Cluster cluster, long all, Removal removal) {
        if (cluster.members().size() == 1) {
            boolean[] flags = kept(cluster.members().get(0), removal);
            int count = 0;
            for (boolean flag : flags) {
                count += flag ? 1 : 0;
            }
            return all / flags.length * count;
        }
        int[] axes = cluster.axes().stream().mapToInt(Integer::intValue).toArray();
        List<boolean[]> flags =
                cluster.members().stream().map(index -> kept(index, removal)).toList();
        return new Walk(cluster.members(), flags, axes).count(0, new int[flags.size()]);
    }

    /** Walks over all positions of some axes. */
    private final class Walk {

        private final List<Index> members;
        private final List<boolean[]> flags;
        private final int[] axes;

        Walk(List<Index> members, List<boolean[]> flags, int[] axes) {
            this.members = members;
            this.flags = flags;
            this.axes = axes;
        }

        /**
         * Counts positions that all members keep.
         *
         * @param depth how many axes are fixed
         * @param slices what the fixed positions add to the slice of each member
         */
        long count(int depth, int[] slices) {
            if (depth == axes.length) {
                for (int i = 0; i < slices.length; i++) {
                    if (!flags.get(i)[slices[i]]) {
                        return 0;
                    }
                }
                return 1;
            }
            long count = 0;
            int[] next = new int[slices.length];
            for (int position = 0; position < shape.get(axes[depth]); position++) {
                for (int i = 0; i < slices.length; i++) {
                    next[i] = slices[i] + members.get(i).tables().get(axes[depth])[position];
                }
                count += count(depth + 1, next);
            }
            return count;
        }
    }
}
