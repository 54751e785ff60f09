package io.espalier.engine.regularize;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.score.GroupScores;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.regularizer.CoupledGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A network that is trained to be cut: its coupled channels, and which of them a cut would remove. Immutable and thread-safe. */
public final class RegularizedNetwork {

    private final Coupling coupling;
    private final CoupledElements elements;
    private final RemovalCosts costs;
    private final Target target;
    private final Set<String> compactors;

    private RegularizedNetwork(
            Coupling coupling, CoupledElements elements, RemovalCosts costs, Target target, Set<String> compactors) {
        this.coupling = coupling;
        this.elements = elements;
        this.costs = costs;
        this.target = target;
        this.compactors = Set.copyOf(compactors);
    }

    /**
     * Analyses a network.
     *
     * @param weights names of the weights that are trained
     * @param target what a cut is to leave
     * @throws InvalidInputException when no channel can be removed, or the target cannot be reached
     */
    public static RegularizedNetwork of(Graph graph, Operators operators, Collection<String> weights, Target target) {
        Shapes shapes = operators.infer(graph);
        Coupling coupling = CouplingAnalysis.analyse(graph, shapes, operators);
        RemovalCosts costs = RemovalCosts.of(CostModel.of(graph, shapes, operators, Map.of()), coupling);
        RegularizedNetwork network =
                new RegularizedNetwork(coupling, CoupledElements.of(coupling, weights), costs, target, Set.of());
        if (network.groups().isEmpty()) {
            throw new InvalidInputException(
                    "No weight that is trained has channels that can be removed, so that there is"
                            + " nothing to regularize; train more weights, or leave the regularizer out.");
        }
        network.weakest(
                network.groups().stream().map(each -> new double[each.size()]).toArray(double[][]::new), 1);
        return network;
    }

    /**
     * The same network with compactors behind its layers.
     *
     * @param groups the coupled channels one by one, with the rows of compactors among their slices
     * @param names names of the compactors
     */
    public RegularizedNetwork withCompactors(List<CoupledGroup> groups, Set<String> names) {
        return new RegularizedNetwork(coupling, new CoupledElements(groups, elements.classes()), costs, target, names);
    }

    /** Names of the compactors. */
    public Set<String> compactors() {
        return compactors;
    }

    /** The coupled channels, in the order of the graph. */
    public List<CoupledGroup> groups() {
        return elements.groups();
    }

    /**
     * The channels that a cut by some scores would remove.
     *
     * @param scores for each group one score a channel
     * @param progress how much of the way to the target is done: above 0, at most 1
     */
    public boolean[][] weakest(double[][] scores, double progress) {
        double[] byClass = elements.byClass(scores, coupling.classes().count());
        List<GroupScores> scored = new ArrayList<>();
        List<Group> ignored = new ArrayList<>();
        for (Group group : Groups.of(coupling, each -> Double.isNaN(byClass[each]) ? 0 : byClass[each])) {
            double[] channels = group.channels().stream()
                    .mapToDouble(channel -> mean(channel, byClass))
                    .toArray();
            if (Arrays.stream(channels).anyMatch(Double::isNaN)) {
                ignored.add(group);
            } else {
                scored.add(new GroupScores(group, channels));
            }
        }
        Pools pools = new Pools(List.of(
                new RankingPool(IntStream.range(0, scored.size()).boxed().toList())));
        Removal removal = new TargetSolver(coupling, costs, Widths.DEFAULT, ignored)
                .solve(scored, pools, target, progress)
                .removal();
        return elements.classes().stream()
                .map(classes -> {
                    boolean[] gone = new boolean[classes.length];
                    for (int channel = 0; channel < gone.length; channel++) {
                        gone[channel] = removal.removes(classes[channel]);
                    }
                    return gone;
                })
                .toArray(boolean[][]::new);
    }

    /** A channel of a grid has several classes. */
    private static double mean(CoupledChannel channel, double... byClass) {
        return Arrays.stream(channel.classes())
                .mapToDouble(each -> byClass[each])
                .filter(each -> !Double.isNaN(each))
                .average()
                .orElse(Double.NaN);
    }
}
