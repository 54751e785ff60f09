package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.Scorer;
import io.espalier.engine.score.SliceScores;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.plugin.magnitude.L2Criterion;
import io.espalier.plugin.regularizers.AsfpRegularizer;
import io.espalier.plugin.regularizers.DhspgRegularizer;
import io.espalier.plugin.regularizers.DpfRegularizer;
import io.espalier.plugin.regularizers.HessoRegularizer;
import io.espalier.plugin.regularizers.HspgRegularizer;
import io.espalier.plugin.regularizers.SfpRegularizer;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
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
                                new SfpRegularizer(),
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
        Graph pruned = cut(trained, "macs=50%");
        assertThat(elements(pruned)).as("%s", tried).isLessThan(elements(trained) * 3 / 4);
        String coupled = tried.network().coupled();
        assertThat(pruned.constants().get(coupled).size())
                .as("%s, %s", tried, coupled)
                .isLessThan(trained.constants().get(coupled).size());
        assertSame(tried, trained, pruned);
    }

    @ParameterizedTest
    @MethodSource("strengths")
    @DisplayName("hspg takes as much as its strength asks for, and the cut of one channel of it is exact")
    void halfSpace(String strength) {
        Case tried = new Case(
                PrunableNetworks.RESIDUAL, new HspgRegularizer(), Map.of("strength", strength, "start", "0.1"));
        Graph network = tried.network().graph();
        Map<String, Tensor> values = new TestingTraining()
                .epochs(8)
                .regularizer(tried.regularizer(), "channels=90%", tried.options())
                .trained(network, tried.network().data());
        Graph trained = network.withConstants(values);
        Coupling coupling = CouplingAnalysis.analyse(trained, OPERATORS.infer(trained), OPERATORS);
        boolean zero = scores(trained, coupling).stream()
                .flatMapToDouble(group -> DoubleStream.of(group.scores()))
                .anyMatch(score -> score == 0);
        assertThat(zero).as("a channel is zero with strength %s", strength).isTrue();
        assertSame(tried, trained, cut(trained, "channels=15"));
    }

    static Stream<String> strengths() {
        return Stream.of("1", "2");
    }

    private static void assertSame(Case tried, Graph trained, Graph pruned) {
        double[] before = outputs(trained, tried.network().data());
        double[] after = outputs(pruned, tried.network().data());
        for (int i = 0; i < before.length; i++) {
            assertThat(after[i]).as("%s, output %d", tried, i).isCloseTo(before[i], within(ROUNDING));
        }
    }

    private static double[] outputs(Graph graph, TestingTraining.Examples data) {
        try (Runner runner = TestingTraining.EXECUTOR.prepare(graph, Settings.of(Purpose.EVALUATION))) {
            Map<String, Tensor> results = runner.run(Map.of("x", data.arrays().get("x")));
            return Tensors.toDoubles(results.get(graph.outputs().get(0)));
        }
    }

    private static long elements(Graph graph) {
        return graph.constants().values().stream().mapToLong(Tensor::size).sum();
    }

    /** Cuts by squared norms of all that goes with a channel. */
    private static Graph cut(Graph network, String target) {
        Shapes shapes = OPERATORS.infer(network);
        Coupling coupling = CouplingAnalysis.analyse(network, shapes, OPERATORS);
        List<GroupScores> groups = scores(network, coupling);
        Pools pools = new Pools(List.of(
                new RankingPool(IntStream.range(0, groups.size()).boxed().toList())));
        RemovalCosts costs = RemovalCosts.of(CostModel.of(network, shapes, OPERATORS, Map.of()), coupling);
        Removal removal = new TargetSolver(coupling, costs, Widths.DEFAULT, List.of())
                .solve(groups, pools, Target.parse(target))
                .removal();
        return Surgery.prune(network, shapes, coupling, removal).graph();
    }

    private static List<GroupScores> scores(Graph network, Coupling coupling) {
        SliceScores slices =
                new Scorer(new L2Criterion(), Options.none(), 1, new TestingRunContext(1)).score(network, coupling);
        return Groups.of(coupling, each -> slices.ofClass(each, Aggregation.SUM)).stream()
                .map(group -> new GroupScores(group, slices.ofChannels(group, Aggregation.SUM)))
                .toList();
    }
}
