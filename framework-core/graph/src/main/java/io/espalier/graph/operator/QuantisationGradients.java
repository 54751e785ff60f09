package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Gradients of quantisation: straight through the rounding (arXiv 1308.3432), and none where a value was limited. */
final class QuantisationGradients {

    private QuantisationGradients() {}

    static void quantise(Backward b) {
        requireWhole(b);
        String real = b.real(b.output(0));
        IntegerRange range = b.shapes()
                .type(b.output(0))
                .map(IntegerRange::of)
                .orElseThrow(() -> new MisfitException("its type is not known"));
        String inside = b.compute(
                "And",
                List.of(
                        Activations.above(b, real, b.scalar(range.lowest())),
                        Activations.above(b, b.scalar(range.highest()), real)),
                Map.of());
        b.put(0, b.where(inside, b.divide(b.gradient(), along(b, 1))));
    }

    static void dequantise(Backward b) {
        requireWhole(b);
        b.put(0, b.multiply(b.gradient(), along(b, 1)));
    }

    private static void requireWhole(Backward b) {
        if (b.node().intAttribute("block_size", 0) != 0) {
            throw new MisfitException("it has a scale for each block");
        }
        if (b.wants(1)) {
            throw new MisfitException("its scale is not trained");
        }
    }

    /** A scale as a factor of the operand: a vector lies along the axis that the node names. */
    private static String along(Backward b, int slot) {
        List<Dim> shape = b.shape(slot);
        int rank = b.rank(0);
        if (shape.size() != 1 || shape.get(0).is(1) || rank < 2) {
            return b.input(slot);
        }
        int axis = b.view().axis("axis", 1, rank);
        return b.unsqueeze(b.input(slot), LongStream.range(1, rank - axis).toArray());
    }
}
