package io.espalier.graph.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients through the branches of an If, by what they read of the graph around them. */
class BranchGradientsTest {

    private static final Tensor WEIGHT = Tensors.floats(Tensors.shape(3, 3), 1, -1, 0.5f, 2, 0, 1, -0.5f, 1, 1);
    private static final Tensor OTHER = Tensors.floats(Tensors.shape(3), 0.5f, 2, -1);

    private static ValueType real(long... shape) {
        return new ValueType(
                DataType.FLOAT32,
                Optional.of(Arrays.stream(shape)
                        .<Dimension>mapToObj(Dimension.Fixed::new)
                        .toList()));
    }

    private static Attribute branch(String output, Map<String, Tensor> constants, Node... nodes) {
        return new Attribute.Body(new Graph("branch", Map.of(), List.of(output), List.of(nodes), constants, Map.of()));
    }

    /** A product with a weight, or with numbers of the branch's own; a choice in one branch by the same condition. */
    private static Graph graph(Attribute otherwise) {
        Attribute inner = branch("tanh", Map.of(), Node.of("Tanh", List.of("product"), List.of("tanh"), Map.of()));
        Attribute same = branch("same", Map.of(), Node.of("Mul", List.of("product", "x"), List.of("same"), Map.of()));
        Attribute yes = branch(
                "chosen",
                Map.of(),
                Node.of("MatMul", List.of("x", "weight"), List.of("product"), Map.of()),
                Node.of("If", List.of("c"), List.of("chosen"), Map.of("then_branch", inner, "else_branch", same)));
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("x", real(2, 3));
        inputs.put("c", new ValueType(DataType.BOOL, Optional.of(List.of(new Dimension.Fixed(1)))));
        return new Graph(
                "graph",
                inputs,
                List.of("y"),
                List.of(Node.of(
                        "If", List.of("c"), List.of("y"), Map.of("then_branch", yes, "else_branch", otherwise))),
                Map.of("weight", WEIGHT),
                Map.of());
    }

    private static Attribute scaled() {
        return branch(
                "scaled",
                Map.of("other", OTHER),
                Node.of("Sigmoid", List.of("x"), List.of("share"), Map.of()),
                Node.of("Mul", List.of("share", "other"), List.of("scaled"), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBranchThatIsTakenHasTheGradient(boolean condition) {
        Tensor x = Tensors.floats(Tensors.shape(2, 3), 0.3f, -0.2f, 1, 0.7f, -1, 0.1f);
        Tensor taken = Tensors.fromDoubles(DataType.BOOL, List.of(1L), condition ? 1 : 0);
        DifferenceCheck.check(graph(scaled()), Map.of("x", x, "c", taken), 5);
    }

    /** What a branch holds can be differentiated by, under its name. */
    @Test
    void constantsOfBranchesHaveGradients() {
        Graph form = Differentiable.of(graph(scaled()), Operators.standard());
        assertThat(form.constants()).containsKeys("weight", "other");
        assertThat(form.nodes()).allMatch(node -> node.bodies().isEmpty());
    }

    /** Only the branch that is taken is computed, and differentiated again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void branchesOfDifferentShapesHaveGradients(boolean condition) {
        Attribute row = branch(
                "row",
                Map.of("axes", Tensors.vector(0), "other", OTHER),
                Node.of("Sigmoid", List.of("x"), List.of("share"), Map.of()),
                Node.of("Mul", List.of("share", "other"), List.of("scaled"), Map.of()),
                Node.of("ReduceSum", List.of("scaled", "axes"), List.of("row"), Map.of()));
        Tensor x = Tensors.floats(Tensors.shape(2, 3), 0.3f, -0.2f, 1, 0.7f, -1, 0.1f);
        Tensor taken = Tensors.fromDoubles(DataType.BOOL, List.of(1L), condition ? 1 : 0);
        DifferenceCheck.check(graph(row), Map.of("x", x, "c", taken), 5);
    }

    /** What the other branch does to a value is not computed: a root of a negative number spoils nothing. */
    @Test
    void theOtherBranchSpoilsNothing() {
        Attribute root = branch(
                "root",
                Map.of("axes", Tensors.vector(0)),
                Node.of("Sqrt", List.of("x"), List.of("roots"), Map.of()),
                Node.of("ReduceSum", List.of("roots", "axes"), List.of("root"), Map.of()));
        Tensor x = Tensors.floats(Tensors.shape(2, 3), -1, -1, -1, -1, -1, -1);
        Tensor taken = Tensors.fromDoubles(DataType.BOOL, List.of(1L), 1);
        DifferenceCheck.check(graph(root), Map.of("x", x, "c", taken), 5);
    }
}
