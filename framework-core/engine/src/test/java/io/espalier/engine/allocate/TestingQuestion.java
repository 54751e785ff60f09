package io.espalier.engine.allocate;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.score.GroupScores;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.testkit.model.ClassicNetworks;
import io.espalier.testkit.model.LanguageNetworks;
import io.espalier.testkit.model.LanguageNetworks.DecoderSize;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** A network with random scores, some of them equal. */
record TestingQuestion(TestingAnalysis network, List<GroupScores> groups, RemovalCosts costs, SplittableRandom random) {

    private static final List<LongFunction<TestingAnalysis>> NETWORKS = List.of(
            seed -> TestingAnalysis.of(ResidualNetworks.resnet18(seed, Scale.SMALL)),
            seed -> TestingAnalysis.of(ResidualNetworks.resnext50(seed, Scale.SMALL)),
            seed -> TestingAnalysis.of(ClassicNetworks.densenetSmall(seed)),
            seed -> TestingAnalysis.of(LanguageNetworks.llama(seed, DecoderSize.SMALL)));

    static TestingQuestion of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TestingAnalysis network = NETWORKS.get(random.nextInt(NETWORKS.size())).apply(seed);
        List<GroupScores> groups = network.groups().stream()
                .map(group -> new GroupScores(
                        group,
                        random.doubles(group.channels().size())
                                .map(score -> Math.rint(score * 20))
                                .toArray()))
                .toList();
        CostModel model = CostModel.of(network.graph(), network.shapes(), Operators.standard(), Map.of());
        return new TestingQuestion(network, groups, RemovalCosts.of(model, network.coupling()), random);
    }

    Pools spread(boolean uniform) {
        List<Integer> all = IntStream.range(0, groups.size()).boxed().toList();
        return new Pools(
                uniform
                        ? all.stream()
                                .map(group -> new RankingPool(List.of(group)))
                                .toList()
                        : List.of(new RankingPool(all)));
    }

    Allocation solve(boolean uniform, String target, Widths widths) {
        return solve(spread(uniform), target, widths);
    }

    Allocation solve(SparsityAllocation spread, String target, Widths widths) {
        return new TargetSolver(network.coupling(), costs, widths, List.of())
                .solve(groups, spread, Target.parse(target));
    }

    Cost cost(List<CoupledChannel> gone) {
        return costs.of(Removal.of(gone));
    }

    /** Asks the same of several seeds. */
    static Stream<DynamicTest> seeds(int count, Consumer<TestingQuestion> test) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> test.accept(TestingQuestion.of(seed))));
    }
}
