package io.espalier.engine.coupling.label;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The equivalence classes of labels that are always removed together, numbered from 0 in the order of their first label.
 *
 * <p>Immutable and thread-safe.
 */
public final class LabelClasses {

    private final int[] classOf;
    private final int[] tieOf;
    private final Barrier[] frozen;
    private final List<Row> rows;
    private final List<Alignment> alignments;
    private final boolean[] wholeRow;
    private final boolean[] repeated;
    private final boolean[] base;

    /** A class that is removed exactly when all classes of its cells are. */
    public record Row(int row, int[] cells) {}

    private LabelClasses(Labels labels, int[] classOf, int count) {
        this.classOf = classOf;
        this.tieOf = ties(labels, count);
        this.frozen = new Barrier[count];
        labels.frozen().forEach((label, reason) -> frozen[classOf[label]] = reason);
        this.rows = labels.rows().stream().map(this::row).toList();
        this.alignments = labels.alignments().stream()
                .map(this::alignment)
                .filter(Alignment::isBinding)
                .distinct()
                .toList();
        this.wholeRow = flags(labels.wholeRows());
        this.repeated = flags(labels.repetitions());
        this.base = baseClasses(labels);
    }

    /** The classes of all labels as they have been joined so far. */
    public static LabelClasses of(Labels labels) {
        int[] numbers = new int[labels.count()];
        Arrays.fill(numbers, -1);
        int[] classOf = new int[labels.count()];
        int count = 0;
        for (int label = 0; label < classOf.length; label++) {
            int root = labels.find(label);
            if (numbers[root] < 0) {
                numbers[root] = count++;
            }
            classOf[label] = numbers[root];
        }
        return new LabelClasses(labels, classOf, count);
    }

    private int[] ties(Labels labels, int count) {
        int[] ties = new int[count];
        int[] numberOfRoot = new int[classOf.length];
        Arrays.fill(numberOfRoot, -1);
        int next = 0;
        for (int label = 0; label < classOf.length; label++) {
            int root = labels.findTied(label);
            if (numberOfRoot[root] < 0) {
                numberOfRoot[root] = next++;
            }
            ties[classOf[label]] = numberOfRoot[root];
        }
        return ties;
    }

    private Row row(Labels.Row row) {
        int[] cells = Arrays.stream(row.cells())
                .map(cell -> classOf[cell])
                .distinct()
                .sorted()
                .toArray();
        return new Row(classOf[row.label()], cells);
    }

    private Alignment alignment(Labels.Alignment rows) {
        int[] classes = Arrays.stream(rows.labels()).map(this::of).toArray();
        return new Alignment(IntBuffer.wrap(classes), rows.width());
    }

    private boolean[] flags(List<Integer> labels) {
        boolean[] flags = new boolean[frozen.length];
        labels.forEach(label -> flags[classOf[label]] = true);
        return flags;
    }

    private boolean[] baseClasses(Labels labels) {
        boolean[] derived = new boolean[classOf.length];
        labels.rows().forEach(row -> derived[row.label()] = true);
        labels.fillers().forEach(label -> derived[label] = true);
        boolean[] classes = new boolean[frozen.length];
        for (int label = 0; label < derived.length; label++) {
            classes[classOf[label]] |= !derived[label];
        }
        return classes;
    }

    /** Number of classes. */
    public int count() {
        return frozen.length;
    }

    /** The class of a label, -1 for {@link LabelMap#FIXED}. */
    public int of(int label) {
        return label == LabelMap.FIXED ? -1 : classOf[label];
    }

    /** The number of the set of tied classes that a class belongs to. */
    public int tieOf(int classNumber) {
        return tieOf[classNumber];
    }

    /** Why a class cannot be removed, empty if it can. */
    public Optional<Barrier> frozen(int classNumber) {
        return Optional.ofNullable(frozen[classNumber]);
    }

    /** All rows. */
    public List<Row> rows() {
        return rows;
    }

    /** The alignments that demand anything. */
    public List<Alignment> alignments() {
        return alignments;
    }

    /** Whether a class is a row that an operator treats on its own, such as an attention head. */
    public boolean isWholeRow(int classNumber) {
        return wholeRow[classNumber];
    }

    /** Whether a class holds a position of an axis that Expand or Tile made. */
    public boolean isRepeated(int classNumber) {
        return repeated[classNumber];
    }

    /** Whether a class holds elements of a parameter, and not only rows or padding. */
    public boolean isBase(int classNumber) {
        return base[classNumber];
    }
}
