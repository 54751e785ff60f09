package io.espalier.training;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.run.NetworkCut;
import io.espalier.engine.run.NetworkCuts;
import io.espalier.engine.score.Aggregation;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.Scorer;
import io.espalier.engine.score.SliceScores;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.plugin.magnitude.L2Criterion;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingRunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Cuts by squared norms of all that goes with a channel, each to a share of the multiply-accumulates of what it finds. */
final class NormCuts implements NetworkCuts {

    private static final Operators OPERATORS = Operators.standard();

    private final List<Long> moments;
    private final String target;
    private final List<NetworkCut> made = new ArrayList<>();

    NormCuts(String target, Long... moments) {
        this.target = target;
        this.moments = List.of(moments);
    }

    /** The cuts that were made, in order. */
    List<NetworkCut> made() {
        return made;
    }

    @Override
    public List<Long> moments(long length) {
        return moments;
    }

    @Override
    public Optional<Target> target(int cut) {
        return Optional.of(Target.parse(target));
    }

    @Override
    public NetworkCut next(Graph network, long over) {
        Removal removal = removal(network, target);
        NetworkCut cut = new NetworkCut(
                network, cut(network, removal), graph -> cut(graph, removal), List.of(), new byte[] {(byte) made.size()
                });
        made.add(cut);
        return cut;
    }

    @Override
    public NetworkCut again(Graph network, byte[] record, long over) {
        NetworkCut before = made.get(record[0]);
        return new NetworkCut(network, before.surgery().apply(network), before.surgery(), List.of(), record);
    }

    @Override
    public List<Edit> edits() {
        return List.of();
    }

    /** What such a cut leaves. */
    static Graph cut(Graph network, String target) {
        return cut(network, removal(network, target));
    }

    private static Graph cut(Graph network, Removal removal) {
        Shapes shapes = OPERATORS.infer(network);
        return Surgery.prune(network, shapes, CouplingAnalysis.analyse(network, shapes, OPERATORS), removal)
                .graph();
    }

    private static Removal removal(Graph network, String target) {
        Shapes shapes = OPERATORS.infer(network);
        Coupling coupling = CouplingAnalysis.analyse(network, shapes, OPERATORS);
        List<GroupScores> groups = scores(network, coupling);
        Pools pools = new Pools(List.of(
                new RankingPool(IntStream.range(0, groups.size()).boxed().toList())));
        RemovalCosts costs = RemovalCosts.of(CostModel.of(network, shapes, OPERATORS, Map.of()), coupling);
        return new TargetSolver(coupling, costs, Widths.DEFAULT, List.of())
                .solve(groups, pools, Target.parse(target))
                .removal();
    }

    /** The norms of all channels. */
    static List<GroupScores> scores(Graph network, Coupling coupling) {
        SliceScores slices =
                new Scorer(new L2Criterion(), Options.none(), 1, new TestingRunContext(1)).score(network, coupling);
        return Groups.of(coupling, each -> slices.ofClass(each, Aggregation.SUM)).stream()
                .map(group -> new GroupScores(group, slices.ofChannels(group, Aggregation.SUM)))
                .toList();
    }
}
