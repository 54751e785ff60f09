package io.espalier.adapter.tflite.lift;

import java.util.HashSet;
import java.util.Set;

/** Unique value names. Not thread-safe. */
final class Names {

    private final Set<String> used = new HashSet<>();

    /** The wish, or the wish with a number when somebody has it. */
    String unique(String wish) {
        String name = wish;
        for (int i = 1; !used.add(name); i++) {
            name = wish + "~" + i;
        }
        return name;
    }
}
