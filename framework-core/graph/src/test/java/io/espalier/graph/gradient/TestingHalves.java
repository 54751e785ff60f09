package io.espalier.graph.gradient;

import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.OperatorParts;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Teaches half the hyperbolic tangent of a product, with a bias or without. */
final class TestingHalves implements OperatorSemantics {

    private final List<String> read;

    /** Says what the operator is made of; what the last part reads beside the product may be nonsense. */
    TestingHalves(String last) {
        this.read = List.of("tanh", last);
    }

    @Override
    public String name() {
        return "halves";
    }

    @Override
    public String description() {
        return "Half the hyperbolic tangent of a product.";
    }

    @Override
    public List<String> operators() {
        return List.of("test.Halves", "test.Unsaid");
    }

    @Override
    public Optional<String> indexNotation(Node node, List<Integer> inputRanks) {
        return Optional.of("x[n i] w[i o] b[o] -> y[n o]");
    }

    @Override
    public Optional<OperatorParts> parts(Node node, List<Integer> inputRanks) {
        if (node.operator().equals("Unsaid")) {
            return Optional.empty();
        }
        return Optional.of(new OperatorParts(
                List.of("x", "w", "b"),
                List.of("y"),
                List.of(
                        Node.of("Gemm", List.of("x", "w", "b"), List.of("sum"), Map.of()),
                        Node.of("Tanh", List.of("sum"), List.of("tanh"), Map.of()),
                        Node.of("Mul", read, List.of("y"), Map.of())),
                Map.of("half", Tensors.floats(List.of(), 0.5f))));
    }
}
