package io.espalier.engine.coupling.label;

import java.nio.IntBuffer;

/**
 * Rows of classes that must lose the same columns, except that a row may be removed as a whole.
 *
 * @param classes the classes, row by row; -1 for a fixed position
 * @param width number of columns
 */
public record Alignment(IntBuffer classes, int width) {

    /** Number of rows. */
    public int rows() {
        return classes.capacity() / width;
    }

    /** Whether it demands anything: a row of one class is removed as a whole anyway, and a column of one class from all rows. */
    boolean isBinding() {
        boolean inRows = false;
        boolean inColumns = false;
        for (int i = 0; i < classes.capacity(); i++) {
            inRows |= classes.get(i) != classes.get(i - i % width);
            inColumns |= classes.get(i) != classes.get(i % width);
        }
        return inRows && inColumns;
    }
}
