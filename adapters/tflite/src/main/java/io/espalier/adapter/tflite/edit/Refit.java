package io.espalier.adapter.tflite.edit;

import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Map;
import java.util.Optional;

/** Brings options and operands of a native operator in line with its neutral node once that was edited. */
@FunctionalInterface
public interface Refit {

    void apply(NativeEdit edit, Edited edited);

    /**
     * A neutral node after the edits.
     *
     * @param node the node
     * @param constants all constants after the edits
     */
    record Edited(Node node, Map<String, Tensor> constants) {

        /** A constant operand; empty when it is absent or computed. */
        public Optional<Tensor> constant(int slot) {
            return node.input(slot).map(constants::get);
        }

        /** The numbers of a constant operand. */
        public long[] numbers(int slot) {
            return Tensors.toLongs(constant(slot).orElseThrow());
        }
    }
}
