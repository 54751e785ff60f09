package io.espalier.cli;

import java.util.List;
import java.util.Optional;

/**
 * Keeps long lists readable.
 *
 * @param all whether everything is wanted
 */
record RowLimit(boolean all) {

    private static final int ROWS = 20;

    /** The rows to show. */
    <T> List<T> of(List<T> rows) {
        return all || rows.size() <= ROWS ? rows : rows.subList(0, ROWS);
    }

    /** What to say about the others. */
    Optional<String> omitted(List<?> rows) {
        return all || rows.size() <= ROWS
                ? Optional.empty()
                : Optional.of("  and " + (rows.size() - ROWS) + " more; -v shows all");
    }
}
