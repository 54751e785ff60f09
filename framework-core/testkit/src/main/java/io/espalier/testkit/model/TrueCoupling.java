package io.espalier.testkit.model;

import io.espalier.testkit.model.Truth.Atom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects which channels are one, while a graph is built. Written apart from the engine, to check it. */
final class TrueCoupling {

    /** The label of everything that must stay. */
    static final int FROZEN = 0;

    private final List<Integer> parents = new ArrayList<>(List.of(FROZEN));
    private final Map<Atom, Integer> labels = new LinkedHashMap<>();

    /** Labels of channels that nothing is known about yet. */
    int[] fresh(int count) {
        int[] made = new int[count];
        for (int i = 0; i < count; i++) {
            made[i] = parents.size();
            parents.add(made[i]);
        }
        return made;
    }

    static int[] frozen(int count) {
        return new int[count];
    }

    /** Index i of the axis of a constant is channel {@code channels[i]}; every use of a constant adds what it knows. */
    void attach(String constant, int axis, int... channels) {
        for (int i = 0; i < channels.length; i++) {
            Integer known = labels.putIfAbsent(new Atom(constant, axis, i), channels[i]);
            if (known != null) {
                unite(known, channels[i]);
            }
        }
    }

    void unite(int[] left, int[] right) {
        if (left.length != right.length) {
            throw new IllegalArgumentException(left.length + " channels cannot be united with " + right.length);
        }
        for (int i = 0; i < left.length; i++) {
            unite(left[i], right[i]);
        }
    }

    void freeze(int... channels) {
        Arrays.stream(channels).forEach(channel -> unite(FROZEN, channel));
    }

    private void unite(int left, int right) {
        int a = root(left);
        int b = root(right);
        parents.set(Math.max(a, b), Math.min(a, b));
    }

    private int root(int label) {
        int at = label;
        while (parents.get(at) != at) {
            at = parents.get(at);
        }
        return at;
    }

    Truth truth() {
        Map<Integer, Set<Atom>> classes = new LinkedHashMap<>();
        labels.forEach((atom, label) -> classes.computeIfAbsent(root(label), root -> new LinkedHashSet<>())
                .add(atom));
        Set<Atom> frozen = classes.remove(FROZEN);
        return new Truth(List.copyOf(classes.values()), frozen == null ? Set.of() : frozen);
    }
}
