package io.espalier.plugin.bn;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Calibration data cut into batches for the inputs of a graph. */
final class CalibrationBatches {

    private final Map<String, Tensor> arrays;
    private final long examples;
    private final int count;

    private CalibrationBatches(Map<String, Tensor> arrays, long examples, int count) {
        this.arrays = arrays;
        this.examples = examples;
        this.count = count;
    }

    /**
     * Matches arrays to inputs and decides on batches.
     *
     * @param batchSize most examples in a batch
     * @param mostBatches most batches, 0 for no bound
     * @throws InvalidInputException when the data does not fit the inputs, or makes no batch of two examples
     */
    static CalibrationBatches of(Graph graph, Dataset data, long batchSize, long mostBatches) {
        Map<String, Tensor> arrays = match(graph, data);
        OptionalLong fixed = fixedBatch(graph);
        long size = fixed.orElse(batchSize);
        if (size < 2) {
            throw new InvalidInputException(
                    "batch statistics need batches of at least 2 examples, but the inputs of the "
                            + "model have a batch of " + size + "; export it with a dynamic batch axis");
        }
        long usable = fixed.isPresent() ? data.size() / size * size : data.size();
        if (usable < 2) {
            throw new InvalidInputException("the calibration data has " + data.size() + " examples, fewer than the "
                    + fixed.orElse(2) + " of one batch; give it more");
        }
        long examples = mostBatches == 0 ? usable : Math.min(usable, Math.multiplyExact(mostBatches, size));
        return new CalibrationBatches(arrays, examples, Math.toIntExact((examples + size - 1) / size));
    }

    /** Number of batches. */
    int count() {
        return count;
    }

    /** Number of examples in a batch; these differ by one at most. */
    long examples(int batch) {
        return start(batch + 1) - start(batch);
    }

    /** A batch as a tensor for every input. */
    Map<String, Tensor> inputs(int batch) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        arrays.forEach((input, array) -> inputs.put(input, rows(array, start(batch), examples(batch))));
        return inputs;
    }

    private long start(int batch) {
        return examples * batch / count;
    }

    private static Tensor rows(Tensor array, long from, long count) {
        List<Long> shape = new ArrayList<>(array.shape());
        long rowElements = array.size() / shape.get(0);
        shape.set(0, count);
        int bytes = Math.toIntExact(count * rowElements * array.type().bytes());
        ByteBuffer copy = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        array.read(from * rowElements, copy);
        return Tensors.of(array.type(), shape, copy.flip());
    }

    private static Map<String, Tensor> match(Graph graph, Dataset data) {
        boolean byName = data.arrays().keySet().containsAll(graph.inputs().keySet());
        if (!byName && data.arrays().size() < graph.inputs().size()) {
            throw new InvalidInputException("the model has the inputs "
                    + graph.inputs().keySet() + ", but the calibration data has only the arrays "
                    + data.arrays().keySet());
        }
        Iterator<String> order = data.arrays().keySet().iterator();
        Map<String, Tensor> matched = new LinkedHashMap<>();
        graph.inputs().forEach((input, type) -> {
            String name = byName ? input : order.next();
            Tensor array = data.arrays().get(name);
            if (!fits(type, array)) {
                throw new InvalidInputException("calibration array '" + name + "' is " + array.type() + " "
                        + array.shape() + " and does not fit input '" + input + "', which is " + describe(type));
            }
            matched.put(input, array);
        });
        return matched;
    }

    private static boolean fits(ValueType type, Tensor array) {
        if (type.type() != array.type() || array.shape().isEmpty()) {
            return false;
        }
        if (type.shape().isEmpty()) {
            return true;
        }
        List<Dimension> axes = type.shape().get();
        if (axes.size() != array.shape().size()) {
            return false;
        }
        for (int axis = 1; axis < axes.size(); axis++) {
            if (axes.get(axis) instanceof Dimension.Fixed fixed
                    && fixed.extent() != array.shape().get(axis)) {
                return false;
            }
        }
        return true;
    }

    private static OptionalLong fixedBatch(Graph graph) {
        return graph.inputs().values().stream()
                .flatMap(type -> type.shape().stream())
                .map(axes -> axes.get(0))
                .filter(Dimension.Fixed.class::isInstance)
                .mapToLong(axis -> ((Dimension.Fixed) axis).extent())
                .findFirst();
    }

    private static String describe(ValueType type) {
        List<String> axes = new ArrayList<>();
        for (Dimension axis : type.shape().orElse(List.of())) {
            axes.add(
                    axis instanceof Dimension.Fixed fixed
                            ? Long.toString(fixed.extent())
                            : axis instanceof Dimension.Symbol symbol ? symbol.name() : "?");
        }
        return type.type() + " " + (type.shape().isPresent() ? axes : "of any shape");
    }
}
