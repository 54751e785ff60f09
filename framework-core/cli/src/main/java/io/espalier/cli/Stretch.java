package io.espalier.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring positions.
 *
 * @param first the first
 * @param last the last, which may be the first
 */
record Stretch(int first, int last) {

    /** The stretches of ascending positions. */
    static List<Stretch> of(List<Integer> positions) {
        List<Stretch> stretches = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= positions.size(); i++) {
            if (i == positions.size() || positions.get(i) != positions.get(i - 1) + 1) {
                stretches.add(new Stretch(positions.get(start), positions.get(i - 1)));
                start = i;
            }
        }
        return stretches;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
