package io.espalier.engine.recover;

import static io.espalier.engine.recover.TestingRefits.data;
import static io.espalier.engine.recover.TestingRefits.random;
import static io.espalier.engine.recover.TestingRefits.refit;
import static io.espalier.engine.recover.TestingRefits.solver;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gates of a recurrent cell see depends on the steps before: its weights are not fitted, and named. */
final class RecurrentCellsTest {

    @ParameterizedTest
    @ValueSource(strings = {"LSTM", "GRU", "RNN"})
    void weightsOfCellsAreNamed(String cell) {
        long gates = Map.of("LSTM", 4L, "GRU", 3L, "RNN", 1L).get(cell);
        Map<String, Tensor> constants = Map.of(
                "input", random(new SplittableRandom(1), 1, gates * 4, 5),
                "hidden", random(new SplittableRandom(2), 1, gates * 4, 4));
        ValueType steps = new ValueType(
                DataType.FLOAT32,
                Optional.of(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(3), new Dimension.Fixed(5))));
        Attribute order = new Attribute.Ints(List.of(1L, 0L, 2L));
        Node turned = Node.of("Transpose", List.of("x"), List.of("turned"), Map.of("perm", order));
        Node node = Node.of(
                cell, List.of("turned", "input", "hidden"), List.of("y"), Map.of("hidden_size", new Attribute.Int(4)));
        Graph graph = new Graph("cell", Map.of("x", steps), List.of("y"), List.of(turned, node), constants, Map.of());
        SequentialRefit refit = refit(graph, graph, data(new long[] {3, 5}, 16, 1));

        assertThat(refit.edits(solver(1e-3))).isEmpty();
        assertThat(refit.fitted()).extracting(FittedWeight::weight).containsExactly("input", "hidden");
        assertThat(refit.fitted())
                .allMatch(fitted -> fitted.reason().equals("its operator does more than multiply it with data"));
    }
}
