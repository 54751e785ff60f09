package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.regularizers.AsfpRegularizer;
import io.espalier.plugin.regularizers.DhspgRegularizer;
import io.espalier.plugin.regularizers.DpfRegularizer;
import io.espalier.plugin.regularizers.HessoRegularizer;
import io.espalier.plugin.regularizers.HspgRegularizer;
import io.espalier.plugin.regularizers.ResRepRegularizer;
import io.espalier.plugin.regularizers.SfpRegularizer;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ZeroCutTest {

    private static final Operators OPERATORS = Operators.standard();
    private static final double ROUNDING = 1e-5;

    /** A regularizer with options, and what it prepares. */
    private record Case(PrunableNetworks network, Regularizer regularizer, Map<String, String> options) {

        @Override
        public String toString() {
            return regularizer.name() + " on " + network;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(PrunableNetworks.values())
                .flatMap(network -> Stream.of(
                                new HessoRegularizer(),
                                new DhspgRegularizer(),
                                new HspgRegularizer(),
                                new SfpRegularizer(),
                                new ResRepRegularizer(),
                                new AsfpRegularizer(),
                                new DpfRegularizer())
                        .map(regularizer -> new Case(network, regularizer, Map.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    @DisplayName("A cut by norms to the target of the training takes zeros only, and changes no output")
    void exact(Case tried) {
        Graph network = tried.network().graph();
        Map<String, Tensor> values = new TestingTraining()
                .epochs(4)
                .regularizer(tried.regularizer(), "macs=50%", tried.options())
                .trained(network, tried.network().data());
        Graph trained = network.withConstants(values);
        Graph pruned = NormCuts.cut(trained, "macs=50%");
        assertThat(elements(pruned)).as("%s", tried).isLessThan(elements(trained) * 3 / 4);
        String coupled = tried.network().coupled();
        assertThat(pruned.constants().get(coupled).size())
                .as("%s, %s", tried, coupled)
                .isLessThan(trained.constants().get(coupled).size());
        assertSame(tried, trained, pruned);
    }

    @ParameterizedTest
    @MethodSource("strengths")
    @DisplayName(
            "hspg that fades nothing takes as much as its strength asks for, and the cut of one channel of it is exact")
    void halfSpace(String strength) {
        Case tried = new Case(
                PrunableNetworks.RESIDUAL,
                new HspgRegularizer(),
                Map.of("strength", strength, "start", "0.1", "end", "1"));
        Graph network = tried.network().graph();
        Map<String, Tensor> values = new TestingTraining()
                .epochs(8)
                .regularizer(tried.regularizer(), "channels=90%", tried.options())
                .trained(network, tried.network().data());
        Graph trained = network.withConstants(values);
        Coupling coupling = CouplingAnalysis.analyse(trained, OPERATORS.infer(trained), OPERATORS);
        boolean zero = NormCuts.scores(trained, coupling).stream()
                .flatMapToDouble(group -> DoubleStream.of(group.scores()))
                .anyMatch(score -> score == 0);
        assertThat(zero).as("a channel is zero with strength %s", strength).isTrue();
        assertSame(tried, trained, NormCuts.cut(trained, "channels=15"));
    }

    static Stream<String> strengths() {
        return Stream.of("1", "2");
    }

    private static void assertSame(Case tried, Graph trained, Graph pruned) {
        assertSame(tried.toString(), tried.network(), trained, pruned);
    }

    /** Asserts that two networks compute the same, but for rounding. */
    static void assertSame(String tried, PrunableNetworks network, Graph trained, Graph pruned) {
        double[] before = outputs(trained, network.data());
        double[] after = outputs(pruned, network.data());
        for (int i = 0; i < before.length; i++) {
            assertThat(after[i]).as("%s, output %d", tried, i).isCloseTo(before[i], within(ROUNDING));
        }
    }

    static double[] outputs(Graph graph, TestingTraining.Examples data) {
        try (Runner runner = TestingTraining.EXECUTOR.prepare(graph, Settings.of(Purpose.EVALUATION))) {
            Map<String, Tensor> results = runner.run(Map.of("x", data.arrays().get("x")));
            return Tensors.toDoubles(results.get(graph.outputs().get(0)));
        }
    }

    private static long elements(Graph graph) {
        return graph.constants().values().stream().mapToLong(Tensor::size).sum();
    }
}
