package io.espalier.engine.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.channel.UnitWidth;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.HardCase;
import io.espalier.testkit.model.HardCases;
import io.espalier.testkit.model.RandomGraphs;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ParametersPerChannelTest {

    private static final int SEEDS = 150;

    @Test
    @DisplayName("No channel of a random network is worth fewer than no parameters, copies of shared constants or not")
    void randomNetworks() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertNothingNegative("plain " + seed, RandomGraphs.plain(seed).graph());
            assertNothingNegative("exotic " + seed, RandomGraphs.exotic(seed).graph());
        }
    }

    @Test
    @DisplayName("Nor one of a hard case")
    void hardCases() {
        for (HardCase each : HardCases.all()) {
            assertNothingNegative(each.name(), each.graph());
        }
    }

    private static void assertNothingNegative(String what, Graph graph) {
        TestingAnalysis network = TestingAnalysis.of(graph);
        RemovalCosts costs = RemovalCosts.of(
                CostModel.of(graph, network.shapes(), Operators.standard(), Map.of()), network.coupling());

        assertThat(network.groups()).as(what).allSatisfy(group -> {
            assertThat(costs.parametersPerChannel(group)).isNotNegative();
            assertThat(UnitWidth.of(network.coupling(), group)).isPositive();
        });
    }
}
