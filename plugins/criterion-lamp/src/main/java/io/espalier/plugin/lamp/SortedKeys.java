package io.espalier.plugin.lamp;

/** Pairs of a key and a slice, sorted stably by key: a least-significant-digit radix sort over two columns. */
final class SortedKeys {

    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 1 << DIGIT_BITS;

    private long[] keys;
    private int[] slices;
    private int size;

    /** Makes room for a number of pairs. */
    SortedKeys(int capacity) {
        keys = new long[capacity];
        slices = new int[capacity];
    }

    void add(long key, int slice) {
        keys[size] = key;
        slices[size++] = slice;
    }

    int size() {
        return size;
    }

    long key(int rank) {
        return keys[rank];
    }

    int slice(int rank) {
        return slices[rank];
    }

    void sort() {
        long[] otherKeys = new long[size];
        int[] otherSlices = new int[size];
        long differing = differingBits();
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
            if ((differing >>> shift & DIGITS - 1) == 0) {
                continue;
            }
            scatter(shift, otherKeys, otherSlices);
            long[] sortedKeys = otherKeys;
            int[] sortedSlices = otherSlices;
            otherKeys = keys;
            otherSlices = slices;
            keys = sortedKeys;
            slices = sortedSlices;
        }
    }

    private long differingBits() {
        long all = -1;
        long any = 0;
        for (int i = 0; i < size; i++) {
            all &= keys[i];
            any |= keys[i];
        }
        return all ^ any;
    }

    private void scatter(int shift, long[] toKeys, int[] toSlices) {
        int[] next = new int[DIGITS + 1];
        for (int i = 0; i < size; i++) {
            next[digit(keys[i], shift) + 1]++;
        }
        for (int digit = 1; digit < DIGITS; digit++) {
            next[digit] += next[digit - 1];
        }
        for (int i = 0; i < size; i++) {
            int position = next[digit(keys[i], shift)]++;
            toKeys[position] = keys[i];
            toSlices[position] = slices[i];
        }
    }

    private static int digit(long key, int shift) {
        return (int) (key >>> shift) & DIGITS - 1;
    }
}
