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
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.plugin.regularizers.AsfpRegularizer;
import io.espalier.plugin.regularizers.DhspgRegularizer;
import io.espalier.plugin.regularizers.DpfRegularizer;
import io.espalier.plugin.regularizers.HessoRegularizer;
import io.espalier.plugin.regularizers.HspgRegularizer;
import io.espalier.plugin.regularizers.SfpRegularizer;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ZeroCutTest {

    private static final Operators OPERATORS = Operators.standard();
    private static final double ROUNDING = 1e-5;

    /** A regularizer with options and the target of the cut. */
    private record Case(Regularizer regularizer, Map<String, String> options) {

        @Override
        public String toString() {
            return regularizer.name();
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(new HessoRegularizer(), Map.of()),
                new Case(new DhspgRegularizer(), Map.of()),
                new Case(new SfpRegularizer(), Map.of()),
                new Case(new AsfpRegularizer(), Map.of()),
                new Case(new DpfRegularizer(), Map.of()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @DisplayName("A cut by norms to the target of the training takes zeros only, and changes no output")
    void exact(Case tried) {
        Graph network = RegularizedTrainingTest.network();
        TestingTraining.Examples data = TestingTraining.blobs(3, 40, 3, 2, 6, 6);
        Map<String, Tensor> values = new TestingTraining()
                .epochs(4)
                .regularizer(tried.regularizer(), "macs=50%", tried.options())
                .trained(network, data);
        Graph trained = network.withConstants(values);
        Graph pruned = cut(trained, "macs=50%");
        assertThat(elements(pruned)).isLessThan(elements(trained) * 3 / 4);
        assertSame(tried, trained, pruned, data);
    }

    @ParameterizedTest
    @MethodSource("strengths")
    @DisplayName("hspg takes as much as its strength asks for, and the cut of one channel of it is exact")
    void halfSpace(String strength) {
        Graph network = RegularizedTrainingTest.network();
        TestingTraining.Examples data = TestingTraining.blobs(3, 40, 3, 2, 6, 6);
        Case tried = new Case(new HspgRegularizer(), Map.of("strength", strength, "start", "0.1"));
        Map<String, Tensor> values = new TestingTraining()
                .epochs(8)
                .regularizer(tried.regularizer(), "channels=90%", tried.options())
                .trained(network, data);
        Graph trained = network.withConstants(values);
        Coupling coupling = CouplingAnalysis.analyse(trained, OPERATORS.infer(trained), OPERATORS);
        double[] energies = energies(trained, coupling);
        boolean zero = Groups.of(coupling, each -> energies[each]).stream()
                .flatMap(group -> group.channels().stream())
                .anyMatch(channel -> energies[channel.classes()[0]] == 0);
        assertThat(zero).as("a channel is zero with strength %s", strength).isTrue();
        assertSame(tried, trained, cut(trained, "channels=15"), data);
    }

    static Stream<String> strengths() {
        return Stream.of("1", "2");
    }

    private static void assertSame(Case tried, Graph trained, Graph pruned, TestingTraining.Examples data) {
        double[] before = outputs(trained, data);
        double[] after = outputs(pruned, data);
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
        double[] energies = energies(network, coupling);
        List<GroupScores> groups = new ArrayList<>();
        Groups.of(coupling, each -> energies[each])
                .forEach(group -> groups.add(new GroupScores(
                        group,
                        group.channels().stream()
                                .mapToDouble(channel -> IntStream.of(channel.classes())
                                        .mapToDouble(each -> energies[each])
                                        .sum())
                                .toArray())));
        Pools pools = new Pools(List.of(
                new RankingPool(IntStream.range(0, groups.size()).boxed().toList())));
        RemovalCosts costs = RemovalCosts.of(CostModel.of(network, shapes, OPERATORS, Map.of()), coupling);
        Removal removal = new TargetSolver(coupling, costs, Widths.DEFAULT, List.of())
                .solve(groups, pools, Target.parse(target))
                .removal();
        return Surgery.prune(network, shapes, coupling, removal).graph();
    }

    private static double[] energies(Graph network, Coupling coupling) {
        double[] energies = new double[coupling.classes().count()];
        for (LabelledAxis axis : coupling.labelledAxes()) {
            if (axis.role() == ParameterRole.NORM_STATISTIC) {
                continue;
            }
            Tensor tensor = network.constants().get(axis.use().constant());
            int[] classes = coupling.classesAt(axis);
            double[] values = Tensors.toDoubles(tensor);
            int inner = (int) tensor.shape().stream()
                    .skip(axis.axis() + 1L)
                    .reduce(1L, Math::multiplyExact)
                    .longValue();
            for (int i = 0; i < values.length; i++) {
                int found = classes[i / inner % classes.length];
                if (found >= 0) {
                    energies[found] += values[i] * values[i];
                }
            }
        }
        return energies;
    }
}
