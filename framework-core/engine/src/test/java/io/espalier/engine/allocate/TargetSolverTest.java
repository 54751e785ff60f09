package io.espalier.engine.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.allocate.Allocation.Selection;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.score.GroupScores;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.allocator.SparsityAllocation.ChannelScores;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.allocator.SparsityAllocation.Rates;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TargetSolverTest {

    private static List<CoupledChannel> channels(Allocation allocation) {
        List<CoupledChannel> gone = new ArrayList<>();
        for (Selection selection : allocation.selections()) {
            Group group = selection.scores().group();
            selection.removed().forEach(channel -> gone.add(group.channels().get(channel)));
        }
        return gone;
    }

    @TestFactory
    Stream<DynamicTest> aTargetIsMetAndNoLastUnitCouldBePutBack() {
        return TestingQuestion.seeds(40, question -> {
            boolean uniform = question.random().nextBoolean();
            String metric =
                    List.of("macs", "params", "bytes").get(question.random().nextInt(3));
            int share = question.random().nextInt(30, 96);
            int roundTo = question.random().nextBoolean() ? 1 : 2;
            Widths widths = new Widths(0, roundTo);

            Allocation allocation = question.solve(uniform, metric + "=" + share + "%", widths);

            ToLongFunction<Cost> measure = switch (metric) {
                case "macs" -> Cost::macs;
                case "params" -> Cost::parameters;
                default -> Cost::bytes;
            };
            long original = measure.applyAsLong(question.cost(List.of()));
            List<CoupledChannel> gone = channels(allocation);
            long reached = measure.applyAsLong(question.cost(gone));
            assertThat(allocation.reached()).isEqualTo(reached);
            assertThat(allocation.cost()).isEqualTo(question.cost(gone));
            assertThat(reached * 100).isLessThanOrEqualTo(original * share);
            List<Unit> order = new UnitSequence(
                            question.network().coupling(), question.groups(), widths, Optional.empty())
                    .of(RatedPool.of(question.spread(uniform), question.groups().size()));
            int removed = shortestByTrying(question, order, measure, original * share);
            assertThat(gone).hasSameSizeAs(flat(question, order.subList(0, removed)));
            assertThat(question.cost(flat(question, order.subList(0, removed)))).isEqualTo(allocation.cost());
        });
    }

    /** Removes one unit after the other until the target is met. */
    private static int shortestByTrying(
            TestingQuestion question, List<Unit> order, ToLongFunction<Cost> measure, long limitTimes100) {
        int removed = 0;
        while (measure.applyAsLong(question.cost(flat(question, order.subList(0, removed)))) * 100 > limitTimes100) {
            removed++;
        }
        return removed;
    }

    private static List<CoupledChannel> flat(TestingQuestion question, List<Unit> units) {
        List<CoupledChannel> gone = new ArrayList<>();
        for (Unit unit : units) {
            Group group = question.groups().get(unit.group()).group();
            IntStream.of(unit.channels())
                    .forEach(channel -> gone.add(group.channels().get(channel)));
        }
        return gone;
    }

    @TestFactory
    Stream<DynamicTest> theLowestScoresGoAndTheLowerIndexStays() {
        return TestingQuestion.seeds(30, question -> {
            Allocation allocation = question.solve(question.random().nextBoolean(), "params=60%", new Widths(0, 1));

            for (Selection selection : allocation.selections()) {
                double[] scores = selection.scores().scores();
                for (int gone : selection.removed()) {
                    for (int kept = 0; kept < scores.length; kept++) {
                        if (!selection.removed().contains(kept)) {
                            assertThat(scores[gone]).isLessThanOrEqualTo(scores[kept]);
                            assertThat(scores[gone] < scores[kept] || kept < gone)
                                    .isTrue();
                        }
                    }
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aGlobalContestRemovesTheLowestScoresOfAllGroups() {
        return TestingQuestion.seeds(20, question -> {
            Allocation allocation = question.solve(false, "macs=70%", new Widths(0, 1));

            double highestGone = allocation.selections().stream()
                    .flatMapToDouble(selection -> selection.removed().stream()
                            .mapToDouble(channel -> selection.scores().scores()[channel]))
                    .max()
                    .orElse(Double.NEGATIVE_INFINITY);
            for (Selection selection : allocation.selections()) {
                double[] scores = selection.scores().scores();
                for (int channel = 0; channel < scores.length; channel++) {
                    boolean last = selection.kept() == 1;
                    assertThat(last || selection.removed().contains(channel) || scores[channel] >= highestGone)
                            .isTrue();
                }
            }
        });
    }

    /** At the moment at which the target is met, no group is a whole channel behind its rate. */
    @TestFactory
    Stream<DynamicTest> groupsLoseSharesInTheRatioOfTheirRates() {
        return TestingQuestion.seeds(20, question -> {
            List<Double> rates = question.groups().stream()
                    .map(group -> (double) question.random().nextInt(4))
                    .toList();
            Allocation allocation;
            try {
                allocation = question.solve(new Rates(rates), "params=85%", new Widths(0, 1));
            } catch (UnreachableTargetException e) {
                assertThat(rates).as("groups at rest").contains(0.0);
                return;
            }

            assertThat(channels(allocation)).isNotEmpty();
            double latest = 0;
            double earliest = Double.POSITIVE_INFINITY;
            for (int group = 0; group < rates.size(); group++) {
                Selection selection = allocation.selections().get(group);
                int removed = selection.removed().size();
                if (rates.get(group) == 0) {
                    assertThat(removed).isZero();
                    continue;
                }
                double channels = selection.scores().scores().length * rates.get(group);
                latest = Math.max(latest, removed / channels);
                if (selection.kept() > 1) {
                    earliest = Math.min(earliest, (removed + 1) / channels);
                }
            }
            assertThat(latest).as("rates %s", rates).isLessThanOrEqualTo(earliest + 1e-12);
        });
    }

    @TestFactory
    Stream<DynamicTest> ratesCountByTheirRatios() {
        return TestingQuestion.seeds(10, question -> {
            List<Double> rates = question.groups().stream()
                    .map(group -> 0.1 + question.random().nextInt(3))
                    .toList();
            List<Double> eightfold = rates.stream().map(rate -> 8 * rate).toList();
            Widths widths = new Widths(0, 1);

            assertThat(channels(question.solve(new Rates(eightfold), "macs=80%", widths)))
                    .isNotEmpty()
                    .isEqualTo(channels(question.solve(new Rates(rates), "macs=80%", widths)));
        });
    }

    @Test
    void aGroupThatMayLoseNothingIsNamedWhenItIsInTheWay() {
        TestingQuestion question = TestingQuestion.of(1);
        List<Double> none = question.groups().stream().map(group -> 0.0).toList();

        assertThatThrownBy(() -> question.solve(new Rates(none), "params=60%", new Widths(0, 1)))
                .isInstanceOf(UnreachableTargetException.class)
                .hasMessageContaining("in the way: rates of 0 for " + none.size() + " groups");
    }

    /** The allocator's scores decide; the selections keep those of the criterion. */
    @TestFactory
    Stream<DynamicTest> theLowestScoresOfTheAllocatorAreRemoved() {
        return TestingQuestion.seeds(20, question -> {
            List<double[]> own = question.groups().stream()
                    .map(group -> question.random()
                            .doubles(group.scores().length, -5, 5)
                            .toArray())
                    .toList();
            String target = List.of("macs=70%", "params=60%", "channels=50%")
                    .get(question.random().nextInt(3));

            Allocation allocation = question.solve(new ChannelScores(own), target, new Widths(0, 1));

            assertThat(channels(allocation)).isNotEmpty();
            double highestRemoved = Double.NEGATIVE_INFINITY;
            double lowestKept = Double.POSITIVE_INFINITY;
            for (int group = 0; group < own.size(); group++) {
                Selection selection = allocation.selections().get(group);
                assertThat(selection.scores()).isSameAs(question.groups().get(group));
                for (int channel = 0; channel < own.get(group).length; channel++) {
                    double score = own.get(group)[channel];
                    if (selection.removed().contains(channel)) {
                        highestRemoved = Math.max(highestRemoved, score);
                    } else if (selection.kept() > 1) {
                        lowestKept = Math.min(lowestKept, score);
                    }
                }
            }
            assertThat(highestRemoved).isLessThan(lowestKept);
        });
    }

    @TestFactory
    Stream<DynamicTest> aShareOfChannelsIsKeptInEveryContest() {
        return TestingQuestion.seeds(30, question -> {
            int share = question.random().nextInt(1, 101);
            Allocation uniform = question.solve(true, "channels=" + share + "%", new Widths(0, 1));

            for (Selection selection : uniform.selections()) {
                int total = selection.scores().scores().length;
                assertThat(selection.kept()).isEqualTo(Math.max(1, total * share / 100));
            }
            int all = question.groups().stream()
                    .mapToInt(group -> group.scores().length)
                    .sum();
            if (all * share / 100 < question.groups().size()) {
                assertThatThrownBy(() -> question.solve(false, "channels=" + share + "%", new Widths(0, 1)))
                        .isInstanceOf(UnreachableTargetException.class);
            } else {
                Allocation global = question.solve(false, "channels=" + share + "%", new Widths(0, 1));
                assertThat(global.selections().stream()
                                .mapToInt(Selection::kept)
                                .sum())
                        .isEqualTo(all * share / 100);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aStepThatIsMetAlreadyRemovesNothingAndGivesNothingBack() {
        return TestingQuestion.seeds(20, question -> {
            boolean uniform = question.random().nextBoolean();
            TargetSolver solver =
                    new TargetSolver(question.network().coupling(), question.costs(), new Widths(0.1, 2), List.of());
            Target target = Target.parse("macs=40%");
            Allocation far = solver.solve(question.groups(), question.spread(uniform), target, 0.7);
            List<GroupScores> groups = IntStream.range(0, question.groups().size())
                    .mapToObj(group -> new GroupScores(
                            question.groups().get(group).group(),
                            question.random()
                                    .doubles(question.groups().get(group).scores().length, -1, 1)
                                    .toArray(),
                            Set.copyOf(far.selections().get(group).removed())))
                    .toList();
            Allocation again = solver.solve(groups, question.spread(uniform), target, 0.3);
            for (int group = 0; group < groups.size(); group++) {
                assertThat(again.selections().get(group).removed())
                        .containsExactlyInAnyOrderElementsOf(
                                far.selections().get(group).removed());
            }
        });
    }

    /** Scores of a later step may be any: what an earlier one removed remains removed, and the target is met all the same. */
    @TestFactory
    Stream<DynamicTest> whatAnEarlierStepRemovedRemainsRemoved() {
        return TestingQuestion.seeds(8, question -> {
            boolean uniform = question.random().nextBoolean();
            TargetSolver solver =
                    new TargetSolver(question.network().coupling(), question.costs(), new Widths(0.1, 2), List.of());
            Target target = Target.parse("macs=40%");
            List<GroupScores> groups = question.groups();
            List<List<Integer>> before =
                    groups.stream().map(group -> List.<Integer>of()).toList();
            long left = Long.MAX_VALUE;
            for (int step = 1; step <= 3; step++) {
                Allocation allocation = solver.solve(groups, question.spread(uniform), target, step / 3.0);
                List<List<Integer>> removed =
                        allocation.selections().stream().map(Selection::removed).toList();
                for (int group = 0; group < removed.size(); group++) {
                    assertThat(removed.get(group)).containsAll(before.get(group));
                }
                assertThat(allocation.reached())
                        .isLessThanOrEqualTo(allocation.limit())
                        .isLessThanOrEqualTo(left);
                left = allocation.reached();
                before = removed;
                groups = IntStream.range(0, groups.size())
                        .mapToObj(group -> new GroupScores(
                                question.groups().get(group).group(),
                                question.random()
                                        .doubles(question.groups().get(group).scores().length, -1, 1)
                                        .toArray(),
                                Set.copyOf(removed.get(group))))
                        .toList();
            }
            Allocation alone = solver.solve(question.groups(), question.spread(uniform), target);
            assertThat(left).isLessThanOrEqualTo(alone.limit());
        });
    }

    @Test
    void uniformHalfOfResnet18IsTheKnownAnchor() {
        TestingAnalysis resnet = TestingAnalysis.of(ResidualNetworks.resnet18(3, Scale.FULL));
        CostModel model = CostModel.of(resnet.graph(), resnet.shapes(), Operators.standard(), Map.of());
        SplittableRandom random = new SplittableRandom(3);
        List<GroupScores> groups = resnet.groups().stream()
                .map(group -> new GroupScores(
                        group, random.doubles(group.channels().size()).toArray()))
                .toList();
        List<RankingPool> pools = IntStream.range(0, groups.size())
                .mapToObj(group -> new RankingPool(List.of(group)))
                .toList();

        Allocation allocation = new TargetSolver(
                        resnet.coupling(), RemovalCosts.of(model, resnet.coupling()), Widths.DEFAULT, List.of())
                .solve(groups, new Pools(pools), Target.parse("channels=50%"));

        assertThat(allocation.cost().macs()).isEqualTo(483_149_824L);
        assertThat(allocation.cost().parameters()).isEqualTo(3_055_880L);
    }

    @Test
    void anUnreachableTargetSaysWhatIsInTheWay() {
        TestingQuestion question = TestingQuestion.of(1);
        Widths widths = new Widths(0.5, 4);

        assertThatThrownBy(() -> question.solve(false, "params=2%", widths))
                .isInstanceOf(UnreachableTargetException.class)
                .hasMessageMatching(
                        "The target 'params=2%' cannot be reached: it allows \\d+, but at least \\d+ remain;"
                                + " in the way: --min-keep 0\\.5 \\(0 would leave \\d+\\).*\\.");
        assertThatThrownBy(() -> question.solve(false, "params=1", widths)).hasMessageContaining("'params=1'");
    }

    @Test
    void ignoredGroupsAreNamedWhenTheyAreInTheWay() {
        TestingQuestion question = TestingQuestion.of(1);
        List<Group> ignored =
                question.network().groups().subList(1, question.groups().size());
        TargetSolver solver =
                new TargetSolver(question.network().coupling(), question.costs(), new Widths(0, 1), ignored);

        assertThatThrownBy(() -> solver.solve(
                        question.groups().subList(0, 1),
                        new Pools(List.of(new RankingPool(List.of(0)))),
                        Target.parse("macs=5%")))
                .isInstanceOf(UnreachableTargetException.class)
                .hasMessageContaining("--ignore, --only or the criterion, which keep " + ignored.size() + " groups");
    }

    @Test
    void aTargetThatIsMetAlreadyRemovesNothing() {
        Allocation allocation = TestingQuestion.of(2).solve(false, "macs=100%", Widths.DEFAULT);

        assertThat(channels(allocation)).isEmpty();
        assertThat(allocation.removal().isEmpty()).isTrue();
    }

    /** Both halves are one group, for they meet again; nothing but this guard keeps one of them from going as a whole. */
    @TestFactory
    Stream<DynamicTest> noValueIsEmptied() {
        return Stream.of("channels=40%", "channels=6", "macs=40%")
                .map(target -> DynamicTest.dynamicTest(target, () -> {
                    GraphBuilder builder = new GraphBuilder("halves", 1);
                    String x = builder.gemm("first", builder.input("x", "batch", 5), 16);
                    List<String> halves = builder.split(x, 1, 8, 8);
                    String swapped = builder.concat(1, builder.relu(halves.get(1)), builder.relu(halves.get(0)));
                    TestingAnalysis network = TestingAnalysis.of(
                            builder.output(builder.gemm("last", swapped, 3)).build());
                    List<GroupScores> groups = network.groups().stream()
                            .map(group -> new GroupScores(
                                    group,
                                    IntStream.range(0, group.channels().size())
                                            .asDoubleStream()
                                            .toArray()))
                            .toList();
                    assertThat(groups).hasSize(1);
                    CostModel costs = CostModel.of(network.graph(), network.shapes(), Operators.standard(), Map.of());

                    Allocation allocation = new TargetSolver(
                                    network.coupling(),
                                    RemovalCosts.of(costs, network.coupling()),
                                    Widths.DEFAULT,
                                    List.of())
                            .solve(groups, new Pools(List.of(new RankingPool(List.of(0)))), Target.parse(target));

                    List<Integer> removed = allocation.selections().get(0).removed();
                    assertThat(removed).doesNotContain(7).contains(0, 1, 2, 3, 4, 5, 6, 8);
                }));
    }
}
