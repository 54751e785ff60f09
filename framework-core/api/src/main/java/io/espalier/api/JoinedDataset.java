package io.espalier.api;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.InputScaling;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The examples of several data sets, one after the other.
 *
 * @param names where each comes from, for messages
 */
record JoinedDataset(List<Dataset> parts, List<String> names) implements Dataset {

    @Override
    public long size() {
        return parts.stream().mapToLong(Dataset::size).reduce(0, Math::addExact);
    }

    @Override
    public Map<String, Tensor> arrays() {
        for (int i = 1; i < parts.size(); i++) {
            if (!parts.get(i).classNames().equals(classNames())) {
                throw refused(
                        i,
                        "the classes " + classNames() + " and " + parts.get(i).classNames());
            }
        }
        List<Map<String, Tensor>> all = parts.stream().map(Dataset::arrays).toList();
        Map<String, Tensor> joined = new LinkedHashMap<>();
        all.get(0).keySet().forEach(name -> joined.put(name, join(name, all)));
        return joined;
    }

    private Tensor join(String name, List<Map<String, Tensor>> all) {
        Tensor first = all.get(0).get(name);
        for (int i = 1; i < all.size(); i++) {
            if (!all.get(i).keySet().equals(all.get(0).keySet())) {
                throw refused(
                        i,
                        "the arrays " + all.get(0).keySet() + " and "
                                + all.get(i).keySet());
            }
            Tensor other = all.get(i).get(name);
            if (other.type() != first.type() || !row(other).equals(row(first))) {
                throw refused(
                        i,
                        "the array " + Quoted.name(name) + " with rows of " + first.type() + row(first) + " and of "
                                + other.type() + row(other));
            }
        }
        return JoinedTensor.of(all.stream().map(arrays -> arrays.get(name)).toList());
    }

    private static List<Long> row(Tensor array) {
        return array.shape().subList(1, array.shape().size());
    }

    private InvalidInputException refused(int other, String difference) {
        return new InvalidInputException("'" + names.get(0) + "' and '" + names.get(other)
                + "' cannot be used as one set: they have " + difference);
    }

    @Override
    public Dataset forModel(Graph graph) {
        return new JoinedDataset(
                parts.stream().map(part -> part.forModel(graph)).toList(), names);
    }

    @Override
    public InputScaling scaling() {
        return parts.get(0).scaling();
    }

    @Override
    public List<String> notes() {
        return parts.stream().flatMap(part -> part.notes().stream()).distinct().toList();
    }

    @Override
    public List<String> classNames() {
        return parts.get(0).classNames();
    }

    @Override
    public boolean isSynthetic() {
        return parts.stream().anyMatch(Dataset::isSynthetic);
    }
}
