package io.espalier.graph.operator;

import io.espalier.graph.shape.NodeScope;
import io.espalier.spi.tensor.DataType;
import java.util.Optional;

/** A Dropout passes its operand; in training it drops elements at random and scales the others. */
final class Dropout {

    private static final int TRAINING = 2;

    private Dropout() {}

    /** Whether an application drops at random, or may do so. */
    static boolean isTraining(NodeView view) {
        return view.node().input(TRAINING).isPresent()
                && view.numbers(TRAINING)
                        .map(given -> given.length != 1 || given[0] != 0)
                        .orElse(true);
    }

    /** In training every element is dropped by itself, so that a network with fewer channels would drop others. */
    static Optional<String> notation(NodeView view) {
        return isTraining(view) ? NotationText.whole(view) : Optional.of("x[...] _ _ -> y[...] mask[...]");
    }

    static void shape(NodeScope scope) {
        scope.put(0, scope.shape(0));
        scope.put(1, DataType.BOOL, scope.shape(0));
    }

    /** What was not dropped is scaled. */
    static void gradient(Backward b) {
        if (!isTraining(b.view())) {
            b.put(0, b.gradient());
            return;
        }
        String ratio = b.has(1) ? b.input(1) : b.scalar(0.5);
        String scaled = b.divide(b.gradient(), b.subtract(b.scalar(1), ratio));
        b.put(0, b.multiply(scaled, b.real(b.output(1))));
    }
}
