package {package};

import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.OperatorParts;
import io.espalier.spi.operator.OperatorSemantics;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A matrix product with a bias. Put your operator here, and where it is defined. */
public final class {class} implements OperatorSemantics {

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "A matrix product with a bias.";
    }

    @Override
    public List<String> operators() {
        return List.of("my.domain.Dense");
    }

    @Override
    public Optional<String> indexNotation(Node node, List<Integer> inputRanks) {
        return Optional.of("x[n i] w[i o] b[o] -> y[n o]");
    }

    @Override
    public Optional<OperatorParts> parts(Node node, List<Integer> inputRanks) {
        return Optional.of(new OperatorParts(
                List.of("x", "w", "b"),
                List.of("y"),
                List.of(
                        Node.of("MatMul", List.of("x", "w"), List.of("product"), Map.of()),
                        Node.of("Add", List.of("product", "b"), List.of("y"), Map.of())),
                Map.of()));
    }
}
