package io.espalier.engine.recover;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where what a node reads, and what it shall give, comes from.
 *
 * @param node first output of the node
 * @param original has run the node
 * @param kept for each axis of the output that the weight gives, the positions of the original that are kept
 * @param reached the graph whose values the node reads: it has run all that computes them
 * @param narrowed for a value that it reads, the axes of which positions are chosen, with those; empty when the pruned graph
 *     is read
 */
record Sources(
        String node,
        Progress original,
        Map<Integer, int[]> kept,
        Progress reached,
        Map<String, Map<Integer, int[]>> narrowed) {

    /** What the original computes, of one batch. */
    Tensor target(int batch) {
        return original.value(batch, node);
    }

    /** A value that the node reads, of one batch. */
    Tensor input(int batch, String value) {
        return reached.value(batch, value);
    }

    /** Those of some values that depend on data, of one batch. */
    Map<String, Tensor> inputs(int batch, Collection<String> values) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        values.stream().filter(reached::isVarying).forEach(value -> inputs.put(value, input(batch, value)));
        return inputs;
    }

    /** What the node reads of those, of one batch: of what the original computes, the positions that are kept. */
    Map<String, Tensor> read(int batch, Collection<String> values) {
        Map<String, Tensor> read = inputs(batch, values);
        narrowed.forEach((value, axes) -> axes.forEach((axis, positions) ->
                read.computeIfPresent(value, (name, tensor) -> Tensors.sliced(tensor, axis, positions))));
        return read;
    }
}
