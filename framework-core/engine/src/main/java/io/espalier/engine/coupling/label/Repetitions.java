package io.espalier.engine.coupling.label;

import io.espalier.graph.symbol.Dim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Axes of unknown extent along which values only repeat. How they are divided is learned while a graph is
 * walked, from the axes they are combined with, and used when it is walked again.
 */
public final class Repetitions {

    private record Axis(String value, int axis) {}

    private final Map<Axis, List<Dim>> known;
    private final Map<Axis, Repetition> open = new LinkedHashMap<>();

    private Repetitions(Map<Axis, List<Dim>> known) {
        this.known = known;
    }

    public static Repetitions unknown() {
        return new Repetitions(Map.of());
    }

    /** The factors of an axis of a value that has no labels of its own. */
    public List<AxisFactor> factors(String value, int axis, Dim extent) {
        Axis repeated = new Axis(value, axis);
        if (extent.is(1)) {
            return List.of();
        }
        if (extent.isConstant()) {
            return List.of(new AxisFactor(extent));
        }
        List<Dim> sizes = known.get(repeated);
        if (sizes != null) {
            return sizes.stream().map(AxisFactor::new).toList();
        }
        return List.of(AxisFactor.of(extent, open.computeIfAbsent(repeated, key -> new Repetition(extent))));
    }

    /** The divisions known after a walk; empty when it found no new one that can carry labels. */
    public Optional<Repetitions> learned() {
        Map<Axis, List<Dim>> all = new LinkedHashMap<>(known);
        open.forEach((repeated, repetition) -> {
            if (repetition.hasNumericPart()) {
                all.put(repeated, repetition.sizes());
            }
        });
        return all.size() > known.size() ? Optional.of(new Repetitions(all)) : Optional.empty();
    }
}
