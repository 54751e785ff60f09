package io.espalier.engine.coupling.label;

import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the axes of a value are made of factors, and which label maps cover them. An axis that no label map covers is inert.
 *
 * @param axes factors of each axis, outermost first; none for an axis of extent 1
 * @param maps labels; several when independent axes of one value can lose positions
 */
public record Layout(List<List<AxisFactor>> axes, List<LabelMap> maps) {

    public Layout {
        axes = axes.stream().map(List::copyOf).toList();
        maps = List.copyOf(maps);
    }

    /** A value nothing can be removed from. */
    public static Layout inert(List<Dim> shape) {
        List<List<AxisFactor>> axes = new ArrayList<>();
        for (Dim extent : shape) {
            axes.add(extent.is(1) ? List.of() : List.of(new AxisFactor(extent)));
        }
        return new Layout(axes, List.of());
    }

    public int rank() {
        return axes.size();
    }

    public boolean isTracked(int axis) {
        return axes.get(axis).stream().anyMatch(this::isCovered);
    }

    public boolean isCovered(AxisFactor factor) {
        return maps.stream().anyMatch(map -> map.covers(factor));
    }

    /** The extent of an axis before anything is removed. */
    public Dim extent(int axis) {
        Dim extent = Dim.of(1);
        for (AxisFactor factor : axes.get(axis)) {
            extent = extent.times(factor.size());
        }
        return extent;
    }

    public List<Dim> shape() {
        List<Dim> shape = new ArrayList<>();
        for (int axis = 0; axis < rank(); axis++) {
            shape.add(extent(axis));
        }
        return shape;
    }

    public Layout withMaps(List<LabelMap> changed) {
        return new Layout(axes, changed);
    }

    public Layout withAxis(int axis, List<AxisFactor> factors) {
        List<List<AxisFactor>> changed = new ArrayList<>(axes);
        changed.set(axis, factors);
        return new Layout(changed, maps);
    }

    /** This layout with factors of its own, so that it shares no index with the value it came from. */
    public Layout detached() {
        Map<AxisFactor, List<AxisFactor>> copies = new LinkedHashMap<>();
        axes.forEach(axis -> axis.forEach(factor -> copies.put(factor, List.of(factor.copy()))));
        return replace(copies);
    }

    /** This layout with factors exchanged for finer ones. */
    public Layout replace(Map<AxisFactor, List<AxisFactor>> replacements) {
        if (replacements.isEmpty()) {
            return this;
        }
        List<List<AxisFactor>> changed = new ArrayList<>();
        for (List<AxisFactor> axis : axes) {
            List<AxisFactor> factors = new ArrayList<>();
            axis.forEach(factor -> factors.addAll(replacements.getOrDefault(factor, List.of(factor))));
            changed.add(factors);
        }
        return new Layout(
                changed, maps.stream().map(map -> map.replace(replacements)).toList());
    }

    /**
     * This layout with one axis made of a single factor, so that its positions can be selected or joined. Fields over
     * several factors of the axis are rewritten; empty when the axis has factors of unknown size beside labelled ones.
     */
    public Optional<Layout> flattenAxis(int axis) {
        List<AxisFactor> parts = axes.get(axis);
        if (parts.size() <= 1) {
            return Optional.of(this);
        }
        if (!isTracked(axis)) {
            return Optional.of(withAxis(axis, List.of(new AxisFactor(extent(axis)))));
        }
        if (!parts.stream().allMatch(AxisFactor::isNumeric)) {
            return Optional.empty();
        }
        AxisFactor whole = new AxisFactor(extent(axis));
        List<LabelMap> changed = new ArrayList<>();
        for (LabelMap map : maps) {
            changed.add(map.coversAny(parts) ? flatten(map, parts, whole) : map);
        }
        return Optional.of(withAxis(axis, List.of(whole)).withMaps(changed));
    }

    private static LabelMap flatten(LabelMap map, List<AxisFactor> parts, AxisFactor whole) {
        List<AxisFactor> outer =
                map.factors().stream().filter(factor -> !parts.contains(factor)).toList();
        List<AxisFactor> order = new ArrayList<>(outer);
        order.addAll(parts);
        List<AxisFactor> merged = new ArrayList<>(outer);
        merged.add(whole);
        return new LabelMap(merged, map.labelsOver(order));
    }

    /**
     * Cuts the factors of one axis so that the given sizes are prefixes of products.
     *
     * @param sizes sizes from the outside; one of them may be null and takes the rest
     * @return the cut layout with the parts for each size, or empty when a cut falls inside an indivisible factor
     */
    public Optional<Cut> cut(int axis, List<Dim> sizes) {
        List<Dim> known = solve(axis, sizes);
        if (known == null) {
            return Optional.empty();
        }
        Optional<Factoring.Match> match = Factoring.match(axes.get(axis), known);
        return match.map(found -> new Cut(replace(found.replacements()), found.groups()));
    }

    private List<Dim> solve(int axis, List<Dim> sizes) {
        Dim rest = extent(axis);
        int missing = -1;
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i) == null) {
                if (missing >= 0) {
                    return null;
                }
                missing = i;
                continue;
            }
            Optional<Dim> quotient = rest.divideExactly(sizes.get(i));
            if (quotient.isEmpty()) {
                return null;
            }
            rest = quotient.get();
        }
        List<Dim> known = new ArrayList<>(sizes);
        if (missing >= 0) {
            known.set(missing, rest);
        } else if (!rest.is(1)) {
            return null;
        }
        return known;
    }

    /**
     * A layout with one axis cut.
     *
     * @param layout the finer layout
     * @param parts factors for each size asked for
     */
    public record Cut(Layout layout, List<List<AxisFactor>> parts) {}
}
