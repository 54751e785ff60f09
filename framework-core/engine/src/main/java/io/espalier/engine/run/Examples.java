package io.espalier.engine.run;

import io.espalier.graph.shape.Dim;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A data set seen as batches of the inputs of a model, with labels.
 *
 * <p>Arrays are matched with inputs by name, else by order. The labels are the array named {@code label}, else the one
 * integer array that is no input.
 */
final class Examples {

    private static final String LABEL = "label";

    private final Graph graph;
    private final Dataset data;
    private final Map<String, Tensor> arrays = new LinkedHashMap<>();
    private final Optional<Tensor> labels;
    private final OptionalLong fixedBatch;

    private Examples(Graph graph, Shapes shapes, Dataset data) {
        this.graph = graph;
        this.data = data;
        Map<String, Tensor> others = new LinkedHashMap<>(data.arrays());
        Optional<Tensor> named = Optional.ofNullable(graph.inputs().containsKey(LABEL) ? null : others.remove(LABEL));
        boolean byName = others.keySet().containsAll(graph.inputs().keySet());
        List<String> inOrder = new ArrayList<>(others.keySet());
        for (String input : graph.inputs().keySet()) {
            String array = byName ? input : inOrder.isEmpty() ? null : inOrder.remove(0);
            if (array == null) {
                throw new InvalidInputException("The data has no array for the input '" + input + "'; it has "
                        + String.join(", ", data.arrays().keySet()) + ", the model needs "
                        + String.join(", ", graph.inputs().keySet()) + ".");
            }
            arrays.put(input, others.remove(array));
            requireShape(shapes, input, array);
        }
        this.labels = named.or(() -> others.values().stream()
                .filter(tensor -> tensor.type() == DataType.INT64 || tensor.type() == DataType.INT32)
                .findFirst());
        this.fixedBatch = fixedBatch(shapes);
    }

    /**
     * Matches a data set with the inputs of a model.
     *
     * @throws InvalidInputException when they do not fit
     */
    static Examples of(Graph graph, Shapes shapes, Dataset data) {
        if (data.size() == 0) {
            throw new InvalidInputException("The data holds no examples; give a file with at least one.");
        }
        return new Examples(graph, shapes, data);
    }

    private void requireShape(Shapes shapes, String input, String array) {
        List<Long> found = arrays.get(input).shape();
        List<Dim> expected = shapes.shape(input).orElse(null);
        if (expected == null) {
            return;
        }
        boolean fits = found.size() == expected.size();
        for (int axis = 1; fits && axis < found.size(); axis++) {
            fits = !expected.get(axis).isConstant() || expected.get(axis).constant() == found.get(axis);
        }
        if (!fits) {
            throw new InvalidInputException("The array '" + array + "' of shape " + found + " does not fit the input '"
                    + input + "' of shape " + expected + "; the first axis counts examples.");
        }
    }

    private OptionalLong fixedBatch(Shapes shapes) {
        return graph.inputs().keySet().stream()
                .map(shapes::shape)
                .flatMap(Optional::stream)
                .filter(shape -> !shape.isEmpty() && shape.get(0).isConstant())
                .mapToLong(shape -> shape.get(0).constant())
                .findFirst();
    }

    long size() {
        return data.size();
    }

    /** The class of each example; empty when the data has no labels. */
    Optional<long[]> labels() {
        return labels.filter(tensor -> tensor.size() == size()).map(Tensors::toLongs);
    }

    /** How many examples are best run at a time. */
    int batch(int wanted) {
        return (int) fixedBatch.orElse(Math.min(wanted, size()));
    }

    /** The inputs for some consecutive examples; past the end the last one is repeated. */
    Map<String, Tensor> inputs(long start, int count) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        arrays.forEach((input, array) -> inputs.put(input, rows(input, array, start, count)));
        return inputs;
    }

    private Tensor rows(String input, Tensor array, long start, int count) {
        long width = array.size() / size();
        int available = (int) Math.min(count, size() - start);
        int bytesOfRow = Math.toIntExact(width * array.type().bytes());
        ByteBuffer rows =
                ByteBuffer.allocate(Math.multiplyExact(count, bytesOfRow)).order(ByteOrder.LITTLE_ENDIAN);
        array.read(start * width, rows.limit(available * bytesOfRow));
        for (int row = available; row < count; row++) {
            rows.limit((row + 1) * bytesOfRow);
            array.read((size() - 1) * width, rows);
        }
        List<Long> shape = new ArrayList<>(array.shape());
        shape.set(0, (long) count);
        return converted(input, Tensors.of(array.type(), shape, rows.flip()));
    }

    private Tensor converted(String input, Tensor tensor) {
        ValueType declared = graph.inputs().get(input);
        if (declared.type() == tensor.type()) {
            return tensor;
        }
        if (tensor.type().isFloating() && !declared.type().isFloating()) {
            throw new InvalidInputException("The input '" + input + "' takes " + declared.type()
                    + ", but the data holds " + tensor.type() + "; convert the array.");
        }
        int size = Math.toIntExact(tensor.size());
        ByteBuffer bytes = Tensors.toBytes(tensor);
        ByteBuffer changed = ByteBuffer.allocate(
                        Math.multiplyExact(size, declared.type().bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            Elements.put(declared.type(), changed, i, Elements.get(tensor.type(), bytes, i));
        }
        return Tensors.of(declared.type(), tensor.shape(), changed);
    }
}
