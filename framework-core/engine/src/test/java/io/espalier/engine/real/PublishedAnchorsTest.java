package io.espalier.engine.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Half of every group, against numbers that Torch-Pruning publishes. */
final class PublishedAnchorsTest {

    private static Cost half(Graph graph) {
        TestingAnalysis analysis = TestingAnalysis.of(graph);
        List<CoupledChannel> gone = new ArrayList<>();
        for (Group group : analysis.groups()) {
            gone.addAll(group.channels().subList(0, group.channels().size() / 2));
        }
        return RemovalCosts.of(
                        CostModel.of(graph, analysis.shapes(), Operators.standard(), Map.of()), analysis.coupling())
                .of(Removal.of(gone));
    }

    /** 11,689,512 parameters become 3.05588 million: equal to the last digit. */
    @Test
    void resnet18() {
        Cost cost = half(ResidualNetworks.resnet18(1, Scale.FULL));
        assertThat(cost.macs()).isEqualTo(483_149_824L);
        assertThat(cost.parameters()).isEqualTo(3_055_880L);
    }

    /**
     * 25,557,032 parameters become 6.41 million there, where the classifier loses half of its outputs too; here outputs
     * stay, which is 500 rows of 1024 weights and a bias more.
     */
    @Test
    void resnet50() {
        Cost cost = half(ResidualNetworks.resnet50(1, Scale.FULL));
        assertThat(cost.parameters()).isEqualTo(6_917_640L);
        long halfOfTheClassifier = 500 * (1024 + 1);
        assertThat((cost.parameters() - halfOfTheClassifier) / 1e6).isCloseTo(6.41, within(0.005));
    }
}
