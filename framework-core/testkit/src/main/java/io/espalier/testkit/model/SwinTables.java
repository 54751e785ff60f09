package io.espalier.testkit.model;

/**
 * Constant tables of shifted windows.
 *
 * @param side patches along a side of the image
 * @param window side of a window
 * @param shift how far windows are shifted
 */
record SwinTables(long side, int window, int shift) {

    private static final float FORBIDDEN = -100;

    /** Number of windows of an image. */
    long windows() {
        return side / window * (side / window);
    }

    /** {@code [windows, length, length]}: forbids attention between patches that the shift brought together. */
    float[] shiftMask() {
        int length = window * window;
        float[] mask = new float[Math.toIntExact(windows() * length * length)];
        for (int i = 0; i < mask.length; i++) {
            long at = i / (length * length);
            boolean together = region(at, i / length % length) == region(at, i % length);
            mask[i] = together ? 0 : FORBIDDEN;
        }
        return mask;
    }

    private long region(long windowIndex, int patch) {
        long perSide = side / window;
        long row = windowIndex / perSide * window + patch / window;
        long column = windowIndex % perSide * window + patch % window;
        return 3 * band(row) + band(column);
    }

    private long band(long position) {
        if (position < side - window) {
            return 0;
        }
        return position < side - shift ? 1 : 2;
    }

    /** A learned bias for every head and relative position, {@code [1, heads, length, length]}. */
    static String relativeBias(GraphBuilder graph, String name, int window, long heads) {
        int span = 2 * window - 1;
        int length = window * window;
        String table = graph.normal(name + ".relative_position_bias_table", 0.5, span * span, heads);
        String flat = graph.gather(table, 0, relativeIndices(window));
        String square = graph.reshape(flat, length, length, heads);
        return graph.unsqueeze(graph.transpose(square, 2, 0, 1), 0);
    }

    private static long[] relativeIndices(int window) {
        int length = window * window;
        long[] indices = new long[length * length];
        for (int i = 0; i < indices.length; i++) {
            int from = i / length;
            int to = i % length;
            int rows = from / window - to / window + window - 1;
            int columns = from % window - to % window + window - 1;
            indices[i] = (long) rows * (2 * window - 1) + columns;
        }
        return indices;
    }
}
