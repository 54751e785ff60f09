package io.espalier.api;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.InputScaling;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Some of the examples of a data set, in ascending order. */
final class SelectedDataset implements Dataset {

    private final Dataset data;
    private final int[] rows;

    SelectedDataset(Dataset data, int[] rows) {
        this.data = data;
        this.rows = rows;
    }

    @Override
    public long size() {
        return rows.length;
    }

    @Override
    public Map<String, Tensor> arrays() {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        data.arrays().forEach((name, array) -> arrays.put(name, Tensors.sliced(array, 0, rows)));
        return arrays;
    }

    @Override
    public Dataset forModel(Graph graph) {
        return new SelectedDataset(data.forModel(graph), rows);
    }

    @Override
    public InputScaling scaling() {
        return data.scaling();
    }

    @Override
    public List<String> notes() {
        return data.notes();
    }

    @Override
    public List<String> classNames() {
        return data.classNames();
    }

    @Override
    public boolean isSynthetic() {
        return data.isSynthetic();
    }
}
