package io.espalier.engine.coupling.label;

import java.util.Arrays;

/** Sets of integers as ascending arrays. */
public final class SortedInts {

    private SortedInts() {}

    /** Each number once, in ascending order. */
    public static int[] distinct(int... numbers) {
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int count = 0;
        for (int each : sorted) {
            if (count == 0 || sorted[count - 1] != each) {
                sorted[count++] = each;
            }
        }
        return count == sorted.length ? sorted : Arrays.copyOf(sorted, count);
    }
}
