package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The shapes and the positions that every value and parameter keeps after a removal.
 *
 * <p>Immutable and thread-safe.
 */
public final class KeptIndices {

    private final Coupling coupling;
    private final Removal removal;

    /** The indices that a removal keeps. */
    public KeptIndices(Coupling coupling, Removal removal) {
        this.coupling = coupling;
        this.removal = removal;
    }

    /** The shape of a value after the removal; empty when its shape is not known. */
    public Optional<List<Dim>> shape(String value) {
        return coupling.graph().layout(value).map(this::shape);
    }

    /** Whether a value loses anything. */
    public boolean touches(String value) {
        return coupling.graph().layout(value).map(this::touches).orElse(false);
    }

    /** Whether one axis of a value loses anything. */
    public boolean touches(String value, int axis) {
        return coupling.graph()
                .layout(value)
                .map(layout -> layout.maps().stream()
                        .anyMatch(map -> map.coversAny(layout.axes().get(axis)) && loses(map)))
                .orElse(false);
    }

    boolean touches(Layout layout) {
        return layout.maps().stream().anyMatch(this::loses);
    }

    private boolean loses(LabelMap map) {
        for (int label : map.labels()) {
            if (isRemoved(label)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRemoved(int label) {
        return removal.removes(coupling.classes().of(label));
    }

    private List<Dim> shape(Layout layout) {
        List<Dim> shape = new ArrayList<>();
        for (List<AxisFactor> axis : layout.axes()) {
            shape.add(extent(layout, axis));
        }
        return shape;
    }

    /** The extent of some factors of one axis. */
    Dim extent(Layout layout, List<AxisFactor> factors) {
        if (factors.size() == 1) {
            return extent(layout, factors.get(0));
        }
        Dim extent = Dim.ONE;
        List<AxisFactor> open = new ArrayList<>(factors);
        for (LabelMap map : layout.maps()) {
            List<AxisFactor> covered = covered(map, open);
            if (!covered.isEmpty()) {
                extent = extent.times(Dim.of(kept(map, covered)));
                open.removeAll(covered);
            }
        }
        for (AxisFactor inert : open) {
            extent = extent.times(inert.size());
        }
        return extent;
    }

    /** The same for one factor; the most common case by far, and asked for every value of every candidate. */
    private Dim extent(Layout layout, AxisFactor factor) {
        for (LabelMap map : layout.maps()) {
            if (map.covers(factor)) {
                return Dim.of(map.factors().size() == 1 ? kept(map) : kept(map, List.of(factor)));
            }
        }
        return factor.size();
    }

    private int kept(LabelMap map) {
        int count = 0;
        for (int label : map.labels()) {
            count += isRemoved(label) ? 0 : 1;
        }
        return count;
    }

    /**
     * How many positions along some factors of a label map are kept, seen from the first row that is kept: further out the
     * coordinates are fixed, further in one kept position is enough.
     */
    private int kept(LabelMap map, List<AxisFactor> along) {
        int count = 0;
        for (boolean isKept : keptAlong(map, along)) {
            count += isKept ? 1 : 0;
        }
        return count;
    }

    /** Attributes of a node that count positions of an axis, with their values after the removal. */
    public Map<String, Long> attributeSizes(String node) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        AppliedNotation applied = coupling.graph().applied().get(node);
        if (applied != null) {
            applied.notation()
                    .attributes()
                    .forEach((letters, attribute) -> applied.operands().stream()
                            .filter(operand -> operand.has(letters))
                            .findFirst()
                            .ifPresent(operand -> sizes.put(
                                    attribute,
                                    extent(operand.layout(), operand.factors(letters))
                                            .constant())));
        }
        return sizes;
    }

    private static List<AxisFactor> covered(LabelMap map, List<AxisFactor> factors) {
        List<AxisFactor> covered = new ArrayList<>(factors);
        covered.removeIf(factor -> !map.covers(factor));
        return covered;
    }

    private boolean[] keptAlong(LabelMap map, List<AxisFactor> along) {
        int last = along.stream().mapToInt(map.factors()::indexOf).max().orElseThrow();
        List<AxisFactor> outer = map.factors().subList(0, last).stream()
                .filter(factor -> !along.contains(factor))
                .toList();
        List<AxisFactor> order = new ArrayList<>(outer);
        order.addAll(along);
        map.factors().stream().filter(factor -> !order.contains(factor)).forEach(order::add);
        int[] labels = map.labelsOver(order);
        int positions = AxisFactor.count(along);
        int inner = labels.length / AxisFactor.count(outer) / positions;
        boolean[] kept = new boolean[positions];
        for (int row = 0; row < AxisFactor.count(outer); row++) {
            boolean any = false;
            for (int i = 0; i < positions * inner; i++) {
                boolean isKept = !isRemoved(labels[row * positions * inner + i]);
                kept[i / inner] |= isKept;
                any |= isKept;
            }
            if (any) {
                return kept;
            }
        }
        return kept;
    }

    /**
     * The positions of one axis of a value that are kept, as seen from the first row that is kept.
     *
     * @return empty when the axis has pieces of unknown extent
     */
    public Optional<int[]> positions(String value, int axis) {
        return coupling.graph().layout(value).flatMap(layout -> positions(layout, axis));
    }

    /**
     * The positions of a value that are kept, by axis; axes that lose nothing are left out.
     *
     * @return empty when nothing is known of the value, or when other positions are kept here than there along the other
     *     axes
     */
    public Optional<Map<Integer, int[]>> kept(String value) {
        Layout layout = coupling.graph().layout(value).orElse(null);
        if (layout == null || !layout.maps().stream().allMatch(map -> !loses(map) || isProduct(layout, map))) {
            return Optional.empty();
        }
        Map<Integer, int[]> kept = new LinkedHashMap<>();
        for (int axis = 0; axis < layout.rank(); axis++) {
            if (touches(value, axis)) {
                Optional<int[]> positions = positions(layout, axis);
                if (positions.isEmpty()) {
                    return Optional.empty();
                }
                kept.put(axis, positions.get());
            }
        }
        return Optional.of(kept);
    }

    Optional<int[]> positions(Layout layout, int axis) {
        return positions(layout, layout.axes().get(axis));
    }

    /** The positions along some factors of one axis that are kept. */
    Optional<int[]> positions(Layout layout, List<AxisFactor> factors) {
        if (!factors.stream().allMatch(AxisFactor::isNumeric)) {
            return Optional.empty();
        }
        boolean[] kept = new boolean[AxisFactor.count(factors)];
        Arrays.fill(kept, true);
        for (LabelMap map : layout.maps()) {
            List<AxisFactor> covered = covered(map, factors);
            if (!covered.isEmpty()) {
                boolean[] flags = keptAlong(map, covered);
                int[] numbers = covered.size() == factors.size()
                        ? null
                        : LabelMap.numbering(covered).labelsOver(factors);
                for (int i = 0; i < kept.length; i++) {
                    kept[i] &= flags[numbers == null ? i : numbers[i]];
                }
            }
        }
        return Optional.of(indices(kept));
    }

    private static int[] indices(boolean[] flags) {
        int[] indices = new int[flags.length];
        int count = 0;
        for (int i = 0; i < flags.length; i++) {
            indices[count] = i;
            count += flags[i] ? 1 : 0;
        }
        return Arrays.copyOf(indices, count);
    }

    /**
     * The part of a parameter that is kept.
     *
     * @param use the parameter
     * @param shape its shape after the removal
     * @param axes for each axis the positions kept, when the same ones are kept all along the other axes; else empty
     * @param elements row-major indices of the elements kept, only when {@code axes} is empty
     */
    public record Cut(ParameterUse use, List<Long> shape, Optional<List<int[]>> axes, Optional<int[]> elements) {}

    /** Everything that is cut from parameters, in the order of the graph. */
    public List<Cut> cuts() {
        List<Cut> cuts = new ArrayList<>();
        coupling.graph().parameters().forEach((use, layout) -> {
            if (touches(layout)) {
                cuts.add(cut(use, layout));
            }
        });
        return cuts;
    }

    private Cut cut(ParameterUse use, Layout layout) {
        List<int[]> axes = new ArrayList<>();
        List<Long> shape = new ArrayList<>();
        for (int axis = 0; axis < layout.rank(); axis++) {
            int[] positions = positions(layout, axis).orElseThrow();
            axes.add(positions);
            shape.add((long) positions.length);
        }
        boolean product = layout.maps().stream().allMatch(map -> isProduct(layout, map));
        return product
                ? new Cut(use, shape, Optional.of(axes), Optional.empty())
                : new Cut(use, shape, Optional.empty(), Optional.of(elements(layout)));
    }

    /** Whether the elements that a label map keeps are the product of the positions kept on each axis. */
    private boolean isProduct(Layout layout, LabelMap map) {
        List<List<AxisFactor>> covered = layout.axes().stream()
                .map(axis -> covered(map, axis))
                .filter(axis -> !axis.isEmpty())
                .toList();
        if (covered.size() == 1) {
            return true;
        }
        long product = 1;
        for (List<AxisFactor> axis : covered) {
            product *= anywhere(map, axis);
        }
        return product
                == Arrays.stream(map.labels())
                        .filter(label -> !isRemoved(label))
                        .count();
    }

    private long anywhere(LabelMap map, List<AxisFactor> covered) {
        List<AxisFactor> order = new ArrayList<>(covered);
        map.factors().stream().filter(factor -> !order.contains(factor)).forEach(order::add);
        int[] labels = map.labelsOver(order);
        int width = labels.length / AxisFactor.count(covered);
        return IntStream.range(0, labels.length / width)
                .filter(row -> IntStream.range(0, width).anyMatch(i -> !isRemoved(labels[row * width + i])))
                .count();
    }

    private int[] elements(Layout layout) {
        List<AxisFactor> all = layout.axes().stream().flatMap(List::stream).toList();
        Map<LabelMap, int[]> numbers = new LinkedHashMap<>();
        layout.maps()
                .forEach(map ->
                        numbers.put(map, LabelMap.numbering(map.factors()).labelsOver(all)));
        return IntStream.range(0, AxisFactor.count(all))
                .filter(element -> numbers.entrySet().stream()
                        .noneMatch(entry -> isRemoved(entry.getKey().labels()[entry.getValue()[element]])))
                .toArray();
    }
}
