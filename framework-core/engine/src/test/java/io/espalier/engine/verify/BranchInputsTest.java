package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Inputs that decide which branch is taken get values for either. */
class BranchInputsTest {

    private static List<Map<String, Double>> branches(Graph graph) {
        return new RandomInputs(graph, Operators.standard().infer(graph), Operators.standard()).branches();
    }

    private static Graph choosing(GraphBuilder graph, String condition) {
        GraphBuilder yes = graph.body("yes");
        yes.output(yes.relu("x"));
        GraphBuilder no = graph.body("no");
        no.output(no.unary("Neg", "x"));
        graph.input("x", 2, 3);
        String chosen = graph.node("If", List.of(condition), "then_branch", yes.build(), "else_branch", no.build());
        return graph.output(graph.follow(chosen, 2, 3)).build();
    }

    @Test
    void aNumberIsWhatItIsComparedWithAndOneMore() {
        GraphBuilder graph = new GraphBuilder("rate", 1);
        String rate = graph.input("rate", DataType.INT64);
        String usual = graph.constant(Tensors.longs(List.of(), 16000));
        String other = graph.node("Not", List.of(graph.node("Equal", List.of(rate, usual))));
        assertThat(branches(choosing(graph, other))).containsExactly(Map.of("rate", 16000.0), Map.of("rate", 16001.0));
    }

    @Test
    void aFlagIsBoth() {
        GraphBuilder graph = new GraphBuilder("flag", 1);
        String flag = graph.input("flag", DataType.BOOL, 1);
        assertThat(branches(choosing(graph, flag))).containsExactly(Map.of("flag", 0.0), Map.of("flag", 1.0));
    }

    @Test
    void numbersThatDecideNothingAreRandom() {
        GraphBuilder graph = new GraphBuilder("none", 1);
        String rate = graph.input("rate", DataType.INT64);
        String shown = graph.node("Cast", List.of(graph.node("Equal", List.of(rate, rate))), "to", 1);
        assertThat(branches(graph.output(graph.follow(shown)).build())).containsExactly(Map.of());
    }
}
