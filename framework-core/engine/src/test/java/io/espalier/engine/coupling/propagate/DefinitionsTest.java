package io.espalier.engine.coupling.propagate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The analysis asks definitions, by domain and name, and never an operator's name alone. */
final class DefinitionsTest {

    @Test
    @DisplayName("A Gather of another domain, with one input, is an operator that is not known")
    void foreignDomain() {
        GraphBuilder graph = new GraphBuilder("foreign", 3);
        String hidden = graph.relu(graph.conv("first", graph.input("image", 1, 3, 4, 4), 4, Window.same(3)));
        TestingPruning pruning = TestingPruning.of(
                graph.output(graph.node("com.example.Gather", List.of(hidden))).build());

        assertThat(pruning.groups()).isEmpty();
        assertThat(Blocked.in(pruning.coupling()))
                .extracting(Blocked::barrier)
                .extracting(Barrier::operator, Barrier::reason)
                .containsExactly(tuple("com.example.Gather", "the operator is not known"));
    }

    @Test
    @DisplayName("The bias of a fused convolution is a bias")
    void fusedBias() {
        GraphBuilder graph = new GraphBuilder("fused", 3);
        String hidden = graph.conv("first", graph.input("image", 1, 3, 4, 4), 4, Window.same(3));
        String weight = graph.convWeight("fused", 4, 5, Window.same(1), 2);
        String bias = graph.constant("fused.bias", Tensors.floats(List.of(5L), 1, 2, 3, 4, 5));
        String node = graph.node("com.microsoft.FusedConv", List.of(hidden, weight, bias), "activation", "Relu");
        String fused = graph.follow(node, 1, 5, 4, 4);
        graph.output(graph.conv("last", fused, 2, Window.same(1)));

        assertThat(TestingPruning.of(graph.build()).coupling().labelledAxes())
                .filteredOn(axis -> axis.use().constant().equals("fused.bias"))
                .extracting(LabelledAxis::role)
                .containsExactly(ParameterRole.BIAS);
    }
}
