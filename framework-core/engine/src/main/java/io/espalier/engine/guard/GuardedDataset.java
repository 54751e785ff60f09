package io.espalier.engine.guard;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.InputScaling;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Examples that a reader of a plug-in opened. Thread-safe. */
final class GuardedDataset implements Dataset {

    private final Dataset data;
    private final String file;
    private final ProviderGuard guard;

    GuardedDataset(Dataset data, String file, ProviderGuard guard) {
        this.data = data;
        this.file = file;
        this.guard = guard;
    }

    @Override
    public long size() {
        return guard.call("size", data::size);
    }

    @Override
    public Map<String, Tensor> arrays() {
        long examples = size();
        Map<String, Tensor> arrays = guard.call("arrays", data::arrays);
        arrays.forEach((name, array) -> guard.require(
                !array.shape().isEmpty() && array.shape().get(0) == examples,
                "it read the array '" + name + "' of shape " + array.shape() + " from '" + file + "' as " + examples
                        + " examples",
                "the first axis of every array counts the examples"));
        return arrays;
    }

    @Override
    public Dataset forModel(Graph graph) {
        return new GuardedDataset(guard.call("forModel", () -> data.forModel(graph)), file, guard);
    }

    @Override
    public InputScaling scaling() {
        return guard.call("scaling", data::scaling);
    }

    @Override
    public List<String> notes() {
        return guard.call("notes", data::notes);
    }

    @Override
    public List<String> classNames() {
        return guard.call("classNames", data::classNames);
    }

    @Override
    public boolean isSynthetic() {
        return guard.call("isSynthetic", data::isSynthetic);
    }
}
