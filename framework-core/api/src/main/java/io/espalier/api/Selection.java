package io.espalier.api;

import io.espalier.spi.data.Dataset;
import java.util.Arrays;
import java.util.Optional;
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

    /** Examples in two parts that share none. */
    record Split(Dataset rest, Optional<Dataset> heldBack) {}

    /**
     * Holds a share of the examples back: rounded, at least one, and not all.
     *
     * @param share from 0, which holds none back, to below 1
     */
    static Split split(Dataset data, double share, long seed) {
        int size = Math.toIntExact(data.size());
        if (share == 0 || size < 2) {
            return new Split(data, Optional.empty());
        }
        int held = (int) Math.max(1, Math.min(size - 1, Math.round(share * size)));
        int[] order = shuffled(size, seed);
        int[] first = Arrays.copyOfRange(order, 0, held);
        int[] rest = Arrays.copyOfRange(order, held, size);
        Arrays.sort(first);
        Arrays.sort(rest);
        return new Split(new SelectedDataset(data, rest), Optional.of(new SelectedDataset(data, first)));
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
