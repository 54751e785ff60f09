package io.espalier.api;

import io.espalier.spi.data.Dataset;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Chooses the examples of a part: the same seed and the same number of examples give the same choice. */
final class Selection {

    private static final int VALID_SHARE = 5;

    private Selection() {}

    /** The examples a part names, in the order of the file. */
    static Dataset of(Dataset data, DataFile part, long seed) {
        if (part.part() == DataFile.Part.ALL && part.most().isEmpty()) {
            return data;
        }
        int[] rows = rows(Math.toIntExact(data.size()), part, seed);
        return rows.length == data.size() ? data : new SelectedDataset(data, rows);
    }

    static int[] rows(int size, DataFile part, long seed) {
        int[] order = shuffled(size, seed);
        int valid = Math.min(size, Math.max(1, size / VALID_SHARE));
        int from = part.part() == DataFile.Part.TRAIN ? valid : 0;
        int to = part.part() == DataFile.Part.VALID ? valid : size;
        int count = Math.min(part.most().orElse(Integer.MAX_VALUE), to - from);
        int[] rows = Arrays.copyOfRange(order, from, from + count);
        Arrays.sort(rows);
        return rows;
    }

    private static int[] shuffled(int size, long seed) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(seed);
        for (int left = size; left > 1; left--) {
            int chosen = random.nextInt(left);
            int swapped = order[chosen];
            order[chosen] = order[left - 1];
            order[left - 1] = swapped;
        }
        return order;
    }
}
