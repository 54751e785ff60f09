package io.espalier.engine.coupling;

import io.espalier.spi.criterion.ParameterRole;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * What the analysis found: which atoms go together, what cannot go and why, and where statistics see the change.
 *
 * <p>Atoms that always go together form a <em>class</em>, numbered from 0. Immutable and thread-safe.
 */
public final class Coupling {

    private final int[] classOf;
    private final int classCount;
    private final int[] tieOf;
    private final Barrier[] frozen;
    private final List<RowClass> rows;
    private final List<Alignment> alignments;
    private final boolean[] wholeRow;
    private final boolean[] layerRow;
    private final boolean[] baseClass;
    private final Map<ParameterUse, Layout> parameters;
    private final Map<String, Layout> layouts;
    private final Map<String, AppliedLine> applied;
    private final List<StatisticCoupling> statistics;
    private final List<Grid> grids;
    private final List<LabelledAxis> labelledAxes;
    private final Repetitions repetitions;

    /** A class that goes exactly when all classes of its cells have gone. */
    record RowClass(int row, int[] cells) {}

    private Coupling(
            Labels labels,
            Repetitions repetitions,
            Parameters parameters,
            Map<String, Layout> layouts,
            Map<String, AppliedLine> applied,
            List<StatisticCoupling> statistics,
            List<Grid> grids,
            Roles roles) {
        this.repetitions = repetitions;
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters.layouts()));
        this.layouts = Collections.unmodifiableMap(layouts);
        this.applied = Collections.unmodifiableMap(applied);
        this.statistics = List.copyOf(statistics);
        this.grids = List.copyOf(grids);
        this.labelledAxes = roles.labelledAxes(this.parameters);
        int[] numbers = new int[labels.count()];
        Arrays.fill(numbers, -1);
        this.classOf = new int[labels.count()];
        int count = 0;
        for (int label = 0; label < classOf.length; label++) {
            int root = labels.find(label);
            if (numbers[root] < 0) {
                numbers[root] = count++;
            }
            classOf[label] = numbers[root];
        }
        this.classCount = count;
        this.tieOf = ties(labels, count);
        this.frozen = new Barrier[count];
        labels.frozen().forEach((label, reason) -> frozen[classOf[label]] = reason);
        this.rows = labels.rows().stream().map(this::rowClass).toList();
        this.alignments = labels.alignments().stream()
                .map(this::alignment)
                .filter(Alignment::isBinding)
                .distinct()
                .toList();
        this.wholeRow = new boolean[count];
        this.layerRow = new boolean[count];
        this.baseClass = baseClasses(labels);
        labels.wholeRows().forEach(label -> wholeRow[classOf[label]] = true);
        offerLayerRows(labels);
    }

    /**
     * Offers rows that a layer makes or sums as one channel. The scales of a normalisation of whole groups make no
     * channel of a group: its columns may go one by one.
     */
    private void offerLayerRows(Labels labels) {
        BitSet layers = new BitSet();
        labelledAxes.stream()
                .filter(Coupling::isLayer)
                .forEach(labelledAxis -> Arrays.stream(classesAt(labelledAxis))
                        .filter(each -> each >= 0)
                        .forEach(layers::set));
        BitSet repeated = new BitSet();
        labels.repetitions().forEach(label -> repeated.set(tieOf[classOf[label]]));
        // Several queries share a key: leaving out one of each would change how many share it.
        rows.stream()
                .filter(row -> layers.get(row.row()) && !repeated.get(tieOf[row.row()]))
                .forEach(row -> layerRow[row.row()] = true);
    }

    private static boolean isLayer(LabelledAxis labelledAxis) {
        return labelledAxis.role() == ParameterRole.PRODUCER || labelledAxis.role() == ParameterRole.CONSUMER;
    }

    static Coupling of(
            Labels labels,
            Repetitions repetitions,
            Parameters parameters,
            Map<String, Layout> layouts,
            Map<String, AppliedLine> applied,
            List<StatisticCoupling> statistics,
            List<Grid> grids,
            Roles roles) {
        List<Grid> all = new ArrayList<>(grids);
        parameters.layouts().forEach((use, layout) -> all.addAll(Grid.ofAxes(use.toString(), layout)));
        layouts.forEach((value, layout) -> all.addAll(Grid.ofAxes(value, layout)));
        return new Coupling(labels, repetitions, parameters, layouts, applied, statistics, all, roles);
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

    private RowClass rowClass(Labels.Row row) {
        int[] cells = Arrays.stream(row.cells())
                .map(cell -> classOf[cell])
                .distinct()
                .sorted()
                .toArray();
        return new RowClass(classOf[row.label()], cells);
    }

    private Alignment alignment(Labels.Alignment rows) {
        int[] classes = Arrays.stream(rows.labels()).map(this::classOf).toArray();
        return new Alignment(IntBuffer.wrap(classes), rows.width());
    }

    private boolean[] baseClasses(Labels labels) {
        boolean[] derived = new boolean[classOf.length];
        labels.rows().forEach(row -> derived[row.label()] = true);
        labels.fillers().forEach(label -> derived[label] = true);
        boolean[] base = new boolean[classCount];
        for (int label = 0; label < derived.length; label++) {
            base[classOf[label]] |= !derived[label];
        }
        return base;
    }

    int classCount() {
        return classCount;
    }

    int classOf(int label) {
        return label == LabelMap.FIXED ? -1 : classOf[label];
    }

    int tieOf(int classNumber) {
        return tieOf[classNumber];
    }

    List<RowClass> rows() {
        return rows;
    }

    List<Alignment> alignments() {
        return alignments;
    }

    /** Whether a class is a row that an operator treats on its own, such as an attention head. */
    boolean isWholeRow(int classNumber) {
        return wholeRow[classNumber];
    }

    /** Whether a class is a row that a layer makes or sums as one channel. */
    boolean isLayerRow(int classNumber) {
        return layerRow[classNumber];
    }

    /** Whether a class holds atoms of a parameter, and not only rows or padding. */
    boolean isBase(int classNumber) {
        return baseClass[classNumber];
    }

    List<Grid> grids() {
        return grids;
    }

    Map<String, AppliedLine> applied() {
        return applied;
    }

    /** What was known of repeated axes when the labels were made. */
    Repetitions repetitions() {
        return repetitions;
    }

    Map<ParameterUse, Layout> parameters() {
        return parameters;
    }

    Optional<Layout> layout(String value) {
        Layout computed = layouts.get(value);
        return computed != null
                ? Optional.of(computed)
                : Optional.ofNullable(parameters.get(ParameterUse.shared(value)));
    }

    Map<String, Layout> layouts() {
        return layouts;
    }

    /** Why a class never goes, if it does not. */
    Optional<Barrier> frozen(int classNumber) {
        return Optional.ofNullable(frozen[classNumber]);
    }

    /** Means and norms over channels that may go. */
    public List<StatisticCoupling> statistics() {
        return statistics;
    }

    /** Every labelled index of every parameter, in the order of the graph. */
    public List<LabelledAxis> labelledAxes() {
        return labelledAxes;
    }

    /** The class of each position of a home, -1 where a position always stays. */
    public int[] classesAt(LabelledAxis labelledAxis) {
        int[] labels = parameters
                .get(labelledAxis.use())
                .fields()
                .get(labelledAxis.field())
                .labels();
        int[] classes = new int[labels.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = classOf(labels[i]);
        }
        return classes;
    }

    /** Which elements of a parameter belong to which position of a home. */
    public SliceMap slices(LabelledAxis labelledAxis) {
        Layout layout = parameters.get(labelledAxis.use());
        return SliceMap.of(layout, layout.fields().get(labelledAxis.field()));
    }

    /**
     * The groups of coupled channels that can be removed, heads as a whole.
     *
     * @param score importance of a class; decides which columns of a grid go together, and nothing else
     */
    public List<Group> groups(IntToDoubleFunction score) {
        return groups(score, Heads.WHOLE);
    }

    /**
     * The groups of coupled channels that can be removed.
     *
     * @param score importance of a class; decides which columns of a grid go together, and nothing else
     * @param heads what is offered of heads
     */
    public List<Group> groups(IntToDoubleFunction score, Heads heads) {
        return Groups.of(this, new Channels(this, score, heads).find());
    }

    /** A removal of channels. */
    public Removal removal(Collection<CoupledChannel> channels) {
        BitSet classes = new BitSet(classCount);
        for (CoupledChannel channel : channels) {
            for (int each : channel.classes()) {
                classes.set(each);
            }
        }
        return new Removal(classes);
    }

    /** A removal of classes, as a plan names them. */
    public Removal removal(BitSet classes) {
        return new Removal((BitSet) classes.clone());
    }

    /** All classes of every value and parameter, before anything goes. */
    public RemainingCounts occupancy() {
        return new RemainingCounts(this);
    }

    /** What a removal leaves. */
    public KeptIndices keptIndices(Removal removal) {
        return new KeptIndices(this, removal);
    }

    /** What must be masked in the original so that it computes what the pruned model computes. */
    public Masking masking(Removal removal) {
        return new Masking(this, removal);
    }

    /** Attributes of a node that count positions of an index, with what they must be after a removal. */
    public Map<String, Long> attributeSizes(String node, Removal removal) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        AppliedLine line = applied.get(node);
        if (line != null) {
            line.line()
                    .attributes()
                    .forEach((letters, attribute) -> line.operands().stream()
                            .filter(operand -> operand.has(letters))
                            .findFirst()
                            .ifPresent(operand -> sizes.put(attribute, operand.extent(letters, keptIndices(removal)))));
        }
        return sizes;
    }

    /** A barrier with the number of classes it keeps from being removed. */
    public record Blocked(Barrier barrier, int classes) {}

    /** Why classes that hold parameters cannot go, in order of their first class. */
    public List<Blocked> blocked() {
        Map<Barrier, Integer> counts = new LinkedHashMap<>();
        for (Channels.Unreachable each : unreachable()) {
            counts.merge(each.reason(), 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(entry -> new Blocked(entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<Channels.Unreachable> unreachable() {
        Channels channels = new Channels(this, each -> 0, Heads.BOTH);
        channels.find();
        return channels.unreachable();
    }
}
