package io.espalier.graph.operator;

import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A Dropout passes its operand; in training it drops elements at random and scales the others. */
final class Dropout {

    static final String NAME = "Dropout";

    private static final int TRAINING = 2;
    private static final double USUAL = 0.5;

    private Dropout() {}

    /** Whether an application drops at random, or may do so. */
    static boolean isTraining(NodeView view) {
        return view.node().input(TRAINING).isPresent()
                && view.numbers(TRAINING)
                        .map(given -> given.length != 1 || given[0] != 0)
                        .orElse(true);
    }

    /**
     * The share of elements that the operator would drop in training, where its operand has an axis of examples and known extents
     * besides; empty for any other node, and where it drops none.
     *
     * @param given the share, where the node reads a constant
     */
    static OptionalDouble dropped(NodeView view, Optional<Tensor> given) {
        boolean known = view.node().qualifiedOperator().equals(NAME)
                && !isTraining(view)
                && view.rank(0) > 0
                && view.shape(0).orElse(List.of()).stream().skip(1).allMatch(Dim::isConstant);
        if (!known) {
            return OptionalDouble.empty();
        }
        double usual = view.node().input(1).isEmpty() ? USUAL : 0;
        double ratio = given.filter(each -> each.size() == 1)
                .map(each -> Tensors.toDoubles(each)[0])
                .orElse(usual);
        return ratio > 0 && ratio < 1 ? OptionalDouble.of(ratio) : OptionalDouble.empty();
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
        String ratio = b.has(1) ? b.input(1) : b.scalar(USUAL);
        String scaled = b.divide(b.gradient(), b.subtract(b.scalar(1), ratio));
        b.put(0, b.multiply(scaled, b.real(b.output(1))));
    }
}
