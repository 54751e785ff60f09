package io.espalier.api;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.InputScaling;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Examples whose whole numbers are scaled as a request says.
 *
 * @param said what is said of that to people
 */
record ScaledDataset(Dataset data, InputScaling scaling, List<String> said) implements Dataset {

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
        return new ScaledDataset(data.forModel(graph), scaling, said);
    }

    @Override
    public List<String> notes() {
        return Stream.concat(said.stream(), data.notes().stream()).toList();
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
