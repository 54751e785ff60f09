package io.espalier.api;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.InputScaling;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Examples whose whole numbers are scaled as a request says. */
record ScaledDataset(Dataset data, InputScaling scaling) implements Dataset {

    @Override
    public long size() {
        return data.size();
    }

    @Override
    public Map<String, Tensor> arrays() {
        return data.arrays();
    }

    @Override
    public Dataset forModel(Graph graph) {
        return new ScaledDataset(data.forModel(graph), scaling);
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
