package io.espalier.graph.operator;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Gaussian error linear units that exporters have written as arithmetic, x (1 + erf(x / sqrt 2)) / 2 in any order of the factors, as one
 * operator each: its gradient passes over less data.
 */
public final class FusedGaussianUnits {

    private static final double TOLERANCE = 1e-5;

    private final GraphIndex index;
    private final Operators operators;
    private final Set<String> kept;

    private FusedGaussianUnits(Graph graph, Operators operators, Set<String> kept) {
        this.index = GraphIndex.of(graph);
        this.operators = operators;
        this.kept = kept;
    }

    /**
     * The graph in this form. What was fused remains, too: it computes what it did, for whoever reads it.
     *
     * @param kept values that gradients are taken by: what would not pass through them otherwise remains as it is
     */
    public static Graph of(Graph graph, Operators operators, Set<String> kept) {
        FusedGaussianUnits units = new FusedGaussianUnits(graph, operators, kept);
        List<Node> nodes = graph.nodes().stream()
                .map(node -> units.operand(node).map(x -> fused(node, x)).orElse(node))
                .toList();
        return nodes.equals(graph.nodes()) ? graph : graph.withNodes(nodes);
    }

    private static Node fused(Node node, String x) {
        return Node.of("Gelu", List.of(x), node.outputs(), Map.of());
    }

    /** What a node applies the unit to, when it is the last product of one. */
    private Optional<String> operand(Node node) {
        return factors(node).map(this::unit).flatMap(Optional::stream).findFirst();
    }

    /** The three factors of a product of which one operand is a product itself. */
    private Stream<List<String>> factors(Node node) {
        return product(node).stream()
                .flatMap(outer -> Stream.of(0, 1)
                        .flatMap(slot -> once(outer.get(slot))
                                .flatMap(this::product)
                                .map(inner -> List.of(outer.get(1 - slot), inner.get(0), inner.get(1)))
                                .stream()));
    }

    private Optional<List<String>> product(Node node) {
        return operators.is(node, Trait.MULTIPLIES) ? Optional.of(node.inputs()) : Optional.empty();
    }

    private Optional<String> unit(List<String> factors) {
        for (int half = 0; half < 3; half++) {
            for (int bent = 0; bent < 3; bent++) {
                if (half != bent && isNumber(factors.get(half), 0.5)) {
                    String x = factors.get(3 - half - bent);
                    if (bent(factors.get(bent)).filter(x::equals).isPresent()) {
                        return Optional.of(x);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The x of 1 + erf(x / sqrt 2). */
    private Optional<String> bent(String value) {
        return once(value)
                .filter(node -> operators.is(node, Trait.ADDS))
                .flatMap(node -> beside(node, 1))
                .flatMap(this::once)
                .filter(node -> node.qualifiedOperator().equals(Nodes.ERROR_FUNCTION))
                .flatMap(node -> once(node.inputs().get(0)))
                .flatMap(this::scaled);
    }

    private Optional<String> scaled(Node node) {
        if (operators.is(node, Trait.DIVIDES)) {
            return isNumber(node.inputs().get(1), Math.sqrt(2))
                    ? Optional.of(node.inputs().get(0))
                    : Optional.empty();
        }
        return product(node).flatMap(factors -> beside(node, Math.sqrt(0.5)));
    }

    /** The operand beside one that is a number. */
    private Optional<String> beside(Node node, double number) {
        List<String> operands = node.inputs();
        return Stream.of(0, 1)
                .filter(slot -> operands.size() == 2 && isNumber(operands.get(slot), number))
                .map(slot -> operands.get(1 - slot))
                .findFirst();
    }

    /** What computes a value that nobody else reads. */
    private Optional<Node> once(String value) {
        return kept.contains(value) || !index.isReadOnce(value) ? Optional.empty() : index.producer(value);
    }

    private boolean isNumber(String value, double number) {
        return index.constant(value)
                .filter(tensor -> tensor.size() == 1 && tensor.type().isFloating())
                .filter(tensor -> Math.abs(Tensors.toDoubles(tensor)[0] - number) < TOLERANCE)
                .isPresent();
    }
}
