package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.label.Alignment;
import java.util.Arrays;
import java.util.List;

/** All alignments of a coupling laid end to end, so that a class is found at its positions. */
final class Alignments {

    private static final int[] NONE = {};

    private final int[] classes;
    private final int[] rowOf;
    private final int[] first;
    private final int[] end;
    private final int[] width;
    private final int[][] positionsOf;

    Alignments(List<Alignment> alignments, int classCount) {
        int size =
                alignments.stream().mapToInt(each -> each.classes().capacity()).sum();
        int rows = alignments.stream().mapToInt(Alignment::rows).sum();
        this.classes = new int[size];
        this.rowOf = new int[size];
        this.first = new int[rows];
        this.end = new int[rows];
        this.width = new int[rows];
        int position = 0;
        int row = 0;
        for (Alignment alignment : alignments) {
            int length = alignment.classes().capacity();
            alignment.classes().get(0, classes, position, length);
            for (int i = 0; i < length; i++) {
                rowOf[position + i] = row + i / alignment.width();
            }
            Arrays.fill(first, row, row + alignment.rows(), position);
            Arrays.fill(end, row, row + alignment.rows(), position + length);
            Arrays.fill(width, row, row + alignment.rows(), alignment.width());
            position += length;
            row += alignment.rows();
        }
        this.positionsOf = positions(classCount);
    }

    private int[][] positions(int classCount) {
        int[] counts = new int[classCount];
        for (int each : classes) {
            if (each >= 0) {
                counts[each]++;
            }
        }
        int[][] positions = new int[classCount][];
        Arrays.setAll(positions, each -> counts[each] == 0 ? NONE : new int[counts[each]]);
        for (int position = 0; position < classes.length; position++) {
            if (classes[position] >= 0) {
                positions[classes[position]][--counts[classes[position]]] = position;
            }
        }
        return positions;
    }

    int size() {
        return classes.length;
    }

    int rows() {
        return width.length;
    }

    /** Where a class lies. */
    int[] positionsOf(int classNumber) {
        return positionsOf[classNumber];
    }

    /** The class at a position; -1 for a fixed position. */
    int at(int position) {
        return classes[position];
    }

    /** The number of the row of a position, among the rows of all alignments. */
    int rowOf(int position) {
        return rowOf[position];
    }

    int width(int row) {
        return width[row];
    }

    /** The first position of the column of a position. */
    int topOf(int position) {
        int row = rowOf[position];
        return first[row] + (position - first[row]) % width[row];
    }

    /** Where the alignment of a position ends. */
    int endOf(int position) {
        return end[rowOf[position]];
    }
}
