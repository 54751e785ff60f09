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

    public static SliceMap of(Layout layout, LabelMap field) {
        List<int[]> tables = new ArrayList<>();
        for (List<AxisFactor> axis : layout.axes()) {
            tables.add(table(axis, field));
        }
        return new SliceMap(tables, field.labels().length);
    }

    private static int[] table(List<AxisFactor> axis, LabelMap field) {
        int[] table = new int[AxisFactor.count(axis)];
        int inner = 1;
        for (int i = axis.size() - 1; i >= 0; i--) {
            int count = axis.get(i).count();
            int stride = stride(field, axis.get(i));
            for (int position = 0; position < table.length && stride > 0; position++) {
                table[position] += position / inner % count * stride;
            }
            inner *= count;
        }
        return table;
    }

    private static int stride(LabelMap field, AxisFactor factor) {
        int place = field.factors().indexOf(factor);
        int stride = place < 0 ? 0 : 1;
        for (int i = place + 1; place >= 0 && i < field.factors().size(); i++) {
            stride *= field.factors().get(i).count();
        }
        return stride;
    }
}
