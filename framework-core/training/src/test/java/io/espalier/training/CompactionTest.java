package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.regularize.RegularizedNetwork;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.regularizers.ResRepRegularizer;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompactionTest {

    private static final Operators OPERATORS = Operators.standard();
    private static final double ROUNDING = 1e-4;

    @ParameterizedTest
    @EnumSource(PrunableNetworks.class)
    @DisplayName("Merged into their layers, compactors of any numbers compute the same")
    void merges(PrunableNetworks network) {
        Graph graph = network.graph();
        Compaction compaction = compaction(graph);
        for (long seed = 1; seed <= 10; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<String, Tensor> numbers = random(compaction.graph(), names(graph), random);
            compaction.identities().tensors().forEach((name, identity) -> numbers.put(name, near(identity, random)));
            Graph plain = graph.withConstants(compaction.merged(numbers));
            double[] expected = ZeroCutTest.outputs(compaction.graph().withConstants(numbers), network.data());
            double[] actual = ZeroCutTest.outputs(plain, network.data());
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i])
                        .as("%s, output %d, seed %d", network, i, seed)
                        .isCloseTo(expected[i], within(ROUNDING * (1 + Math.abs(expected[i]))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PrunableNetworks.class)
    @DisplayName("Every layer has one that computes channels which can go, except layers in groups")
    void everyLayer(PrunableNetworks network) {
        Set<String> expected = switch (network) {
            case RESIDUAL -> Set.of("first.0.weight", "second.0.weight", "third.0.weight");
            case GROUPS -> Set.of("first.0.weight", "third.0.weight");
            case HEADS ->
                Set.of(
                        "embed.weight",
                        "q.weight",
                        "k.weight",
                        "v.weight",
                        "proj.weight",
                        "hidden.weight",
                        "back.weight");
        };
        assertThat(compaction(network.graph()).compactors().keySet()).isEqualTo(expected);
    }

    @Test
    @DisplayName("Compactors that are merged before a cut cannot be gone back to")
    void noRewind() {
        assertThatThrownBy(() -> new TestingTraining()
                        .epochs(3)
                        .rewind(1)
                        .cuts(TestingCuts.cutting(2, 10))
                        .regularizer(new ResRepRegularizer(), "macs=50%", Map.of())
                        .trained(PrunableNetworks.RESIDUAL.graph(), PrunableNetworks.RESIDUAL.data()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--rewind");
    }

    private static Set<String> names(Graph graph) {
        Set<String> names = new HashSet<>();
        graph.constants().forEach((name, tensor) -> {
            if (tensor.type().isFloating() && tensor.size() > 1) {
                names.add(name);
            }
        });
        return names;
    }

    private static Compaction compaction(Graph graph) {
        RegularizedNetwork channels =
                RegularizedNetwork.of(graph, OPERATORS, names(graph), Target.parse("channels=70%"));
        return Compaction.of(graph, OPERATORS, channels, names(graph));
    }

    /** Positive numbers, which variances can be. */
    private static Map<String, Tensor> random(Graph graph, Set<String> names, SplittableRandom random) {
        Map<String, Tensor> numbers = new LinkedHashMap<>();
        for (String name : new TreeSet<>(names)) {
            Tensor tensor = graph.constants().get(name);
            float[] values = new float[(int) tensor.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(0.05, 0.5)
                        * (tensor.shape().size() > 1 && random.nextBoolean() ? -1 : 1);
            }
            numbers.put(name, new ArrayTensor(tensor.shape(), values));
        }
        return numbers;
    }

    private static Tensor near(Tensor identity, SplittableRandom random) {
        float[] values = ArrayTensor.read(identity);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) random.nextDouble(-0.3, 0.3);
        }
        return new ArrayTensor(identity.shape(), values);
    }
}
