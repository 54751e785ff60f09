package io.espalier.engine.coupling.label;

import java.util.ArrayList;
import java.util.List;

/**
 * Says to which slice of a labelled index each element of a parameter belongs.
 *
 * @param tables for each axis of the parameter, what each of its positions adds to the number of the slice
 * @param size number of slices
 */
public record SliceMap(List<int[]> tables, int size) {

    public SliceMap {
        tables = List.copyOf(tables);
    }

    public static SliceMap of(Layout layout, LabelMap map) {
        List<int[]> tables = new ArrayList<>();
        for (List<AxisFactor> axis : layout.axes()) {
            tables.add(table(axis, map));
        }
        return new SliceMap(tables, map.labels().length);
    }

    /** What each position of one axis adds to the number of the slice; its factors are of known size. */
    public static int[] table(List<AxisFactor> axis, LabelMap map) {
        int[] table = new int[AxisFactor.count(axis)];
        int inner = 1;
        for (int i = axis.size() - 1; i >= 0; i--) {
            int count = axis.get(i).count();
            int stride = stride(map, axis.get(i));
            for (int position = 0; position < table.length && stride > 0; position++) {
                table[position] += position / inner % count * stride;
            }
            inner *= count;
        }
        return table;
    }

    private static int stride(LabelMap map, AxisFactor factor) {
        int index = map.factors().indexOf(factor);
        int stride = index < 0 ? 0 : 1;
        for (int i = index + 1; index >= 0 && i < map.factors().size(); i++) {
            stride *= map.factors().get(i).count();
        }
        return stride;
    }
}
