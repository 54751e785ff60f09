package io.espalier.engine.coupling.propagate;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.testkit.model.GraphBuilder;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MisfitTest {

    @Test
    @DisplayName("An operator whose operands do not fit is a barrier with the reason, also where no node has a body")
    void barrier() {
        GraphBuilder graph = new GraphBuilder("misfit", 1);
        String hidden = graph.gemm("first", graph.input("x", "batch", 5), 4);
        String rows = graph.node("Transpose", List.of(hidden));
        String picked = graph.node("Gather", List.of(rows, graph.longs(0, 1_000_003)));
        String sum = graph.node("ReduceSum", List.of(picked));
        TestingAnalysis network =
                TestingAnalysis.of(graph.output(graph.follow(sum, 1)).build());

        assertThat(network.groups()).isEmpty();
        assertThat(Blocked.in(network.coupling()))
                .extracting(each -> each.barrier().reason())
                .anyMatch(reason -> reason.contains("reads position 1000003 of an axis of extent 4"));
    }
}
