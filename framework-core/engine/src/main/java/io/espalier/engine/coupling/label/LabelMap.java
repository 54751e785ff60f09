package io.espalier.engine.coupling.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Integer labels over some factors of a value, constant along the others. An element of the value is
 * removed when its label is.
 *
 * <p>The order of the factors is the order of nesting: positions of an inner factor may differ from one outer position
 * to the next, as channels within groups do.
 *
 * @param factors what the labels vary along, outermost first
 * @param labels row-major over the factors; {@link #FIXED} where a position cannot be removed. Shared and never changed.
 */
public record LabelMap(List<AxisFactor> factors, int[] labels) {

    /** The label of a position that cannot be removed. */
    public static final int FIXED = -1;

    public LabelMap {
        factors = List.copyOf(factors);
        long size = 1;
        for (AxisFactor factor : factors) {
            size *= factor.count();
        }
        if (size != labels.length) {
            throw new IllegalStateException("labels " + labels.length + " do not fill factors " + factors);
        }
    }

    /** The maps whose factors are not all among those of another: the others were related to it and add nothing. */
    public static List<LabelMap> largest(List<LabelMap> maps) {
        List<LabelMap> largest = new ArrayList<>();
        for (LabelMap map : maps) {
            boolean implied = largest.stream().anyMatch(other -> other.factors().containsAll(map.factors()));
            if (!implied) {
                largest.removeIf(other -> map.factors().containsAll(other.factors()));
                largest.add(map);
            }
        }
        return largest;
    }

    /** The map that labels each position with its own number. */
    public static LabelMap numbering(List<AxisFactor> factors) {
        return new LabelMap(
                factors, IntStream.range(0, AxisFactor.count(factors)).toArray());
    }

    public boolean covers(AxisFactor factor) {
        return factors.contains(factor);
    }

    public boolean coversAny(List<AxisFactor> others) {
        return others.stream().anyMatch(factors::contains);
    }

    /** The same labels with factors exchanged for others, each for one or several that multiply to it. */
    public LabelMap replace(Map<AxisFactor, List<AxisFactor>> replacements) {
        List<AxisFactor> replaced = new ArrayList<>();
        for (AxisFactor factor : factors) {
            replaced.addAll(replacements.getOrDefault(factor, List.of(factor)));
        }
        return new LabelMap(replaced, labels);
    }

    /** The labels in another order of factors; factors that this map does not cover repeat the labels. */
    public int[] labelsOver(List<AxisFactor> order) {
        if (order.equals(factors)) {
            return labels;
        }
        int[] strides = strides(order);
        int size = AxisFactor.count(order);
        int[] result = new int[size];
        int[] index = new int[order.size()];
        int source = 0;
        for (int i = 0; i < size; i++) {
            result[i] = labels[source];
            for (int axis = order.size() - 1; axis >= 0; axis--) {
                source += strides[axis];
                if (++index[axis] < order.get(axis).count()) {
                    break;
                }
                source -= strides[axis] * index[axis];
                index[axis] = 0;
            }
        }
        return result;
    }

    private int[] strides(List<AxisFactor> order) {
        int[] strides = new int[order.size()];
        int stride = 1;
        for (int i = factors.size() - 1; i >= 0; i--) {
            int axis = order.indexOf(factors.get(i));
            if (axis < 0) {
                throw new IllegalStateException("order " + order + " misses a factor of " + factors);
            }
            strides[axis] = stride;
            stride *= factors.get(i).count();
        }
        return strides;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelMap map && factors.equals(map.factors) && Arrays.equals(labels, map.labels);
    }

    @Override
    public int hashCode() {
        return 31 * factors.hashCode() + Arrays.hashCode(labels);
    }

    @Override
    public String toString() {
        return "LabelMap" + factors;
    }
}
