package io.espalier.engine.coupling.label;

import java.util.Arrays;

/** A union-find over integers that grow; the smallest member represents a class, so results do not depend on order. */
final class Partition {

    private int[] parent = new int[1024];
    private int size;

    int size() {
        return size;
    }

    /** Adds elements up to, but not including, the given one. */
    void growTo(int newSize) {
        if (newSize > parent.length) {
            parent = Arrays.copyOf(parent, Math.max(newSize, parent.length * 2));
        }
        for (; size < newSize; size++) {
            parent[size] = size;
        }
    }

    int find(int element) {
        int root = element;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }

    /** Joins two classes; returns the representative of the result. */
    int union(int left, int right) {
        int a = find(left);
        int b = find(right);
        if (a < b) {
            parent[b] = a;
            return a;
        }
        parent[a] = b;
        return b;
    }
}
