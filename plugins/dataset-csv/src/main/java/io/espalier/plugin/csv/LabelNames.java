package io.espalier.plugin.csv;

import java.util.List;

/** What people call the column of labels, in capitals or not. */
final class LabelNames {

    /** The surest first. */
    static final List<String> ALL = List.of("label", "class", "target", "y");

    private LabelNames() {}

    static boolean contain(String name) {
        return ALL.stream().anyMatch(name::equalsIgnoreCase);
    }
}
