package io.espalier.engine.run;

import io.espalier.engine.depth.ResidualBlock;
import io.espalier.engine.depth.ResidualBlocks;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.PlanReplay;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which residual blocks are left out, or takes them from a plan: one after the other, each time the one without which
 * the outputs differ least from those of the original. Not thread-safe.
 */
final class BlockDecider {

    private final PruningRequest request;
    private final Analysis analysis;
    private final EngineContext context;
    private Optional<BlockScores> scores = Optional.empty();

    /**
     * Blocks that were chosen.
     *
     * @param rest what is left without them
     * @param blocks what the plan says of them
     */
    private record Chosen(Shortened rest, List<PlannedBlock> blocks) {

        static Chosen none(Graph graph) {
            return new Chosen(Shortened.whole(graph), List.of());
        }
    }

    BlockDecider(PruningRequest request, Analysis analysis, EngineContext context) {
        this.request = request;
        this.analysis = analysis;
        this.context = context;
    }

    /** What is left of the model. */
    Analysis decided() {
        Optional<Plan> plan = request.replay();
        if (plan.isPresent()) {
            return plan.get().blocks().isEmpty()
                            || !plan.get()
                                    .model()
                                    .digest()
                                    .equals(analysis.model().digest())
                    ? analysis
                    : without(
                            PlanReplay.shortened(
                                    plan.get(),
                                    analysis.model().graph(),
                                    analysis.shapes(),
                                    analysis.coupling().operators()),
                            plan.get().blocks());
        }
        Decision decision = request.decision().orElseThrow();
        return decision.depth().blocks() == 0 ? analysis : shortened(decision);
    }

    private Analysis without(Shortened rest, List<PlannedBlock> blocks) {
        return analysis.without(rest, blocks, request.input().budget());
    }

    private Analysis shortened(Decision decision) {
        int wanted = decision.depth().blocks();
        Chosen chosen = Chosen.none(analysis.model().graph());
        int there = offered(chosen.rest(), decision).size();
        if (there < wanted) {
            throw tooMany(wanted, there);
        }
        for (int number = 0; number < wanted; number++) {
            context.progress("choosing residual blocks", number, wanted);
            int found = number;
            chosen = next(chosen, decision).orElseThrow(() -> tooMany(wanted, found));
        }
        context.progress("choosing residual blocks", wanted, wanted);
        return without(chosen);
    }

    /** What is left of the model without one block more than are left out; empty where there is no other. */
    Optional<Analysis> next(Analysis before) {
        return next(
                        new Chosen(before.shortened(), before.blocks()),
                        request.decision().orElseThrow())
                .map(this::without);
    }

    private Analysis without(Chosen chosen) {
        return without(chosen.rest(), chosen.blocks());
    }

    /** The same with one block more: that without which the outputs differ least from those of the original. */
    private Optional<Chosen> next(Chosen chosen, Decision decision) {
        List<ResidualBlock> offered = offered(chosen.rest(), decision);
        if (offered.isEmpty()) {
            return Optional.empty();
        }
        if (scores.isEmpty()) {
            scores = Optional.of(BlockScores.of(decision, request, analysis, context));
        }
        double[] deviations = scores.get().without(chosen.rest(), offered);
        int least = least(controlled(decision, chosen.blocks().size(), deviations));
        Shortened rest = chosen.rest().without(offered.get(least));
        List<PlannedBlock> blocks = new ArrayList<>(chosen.blocks());
        blocks.add(planned(offered.get(least), deviations[least], chosen.rest(), rest));
        return Optional.of(new Chosen(rest, blocks));
    }

    private double[] controlled(Decision decision, int step, double[] deviations) {
        return decision.control().of(deviations, context.random("espalier", "residual block " + step));
    }

    private static int least(double[] values) {
        int least = 0;
        for (int i = 1; i < values.length; i++) {
            least = values[i] < values[least] ? i : least;
        }
        return least;
    }

    private PlannedBlock planned(ResidualBlock block, double deviation, Shortened before, Shortened after) {
        Cost with = analysis.costsOf(before.graph()).total();
        Cost without = analysis.costsOf(after.graph()).total();
        return new PlannedBlock(
                block.sum(),
                block.slot(),
                block.branch(),
                deviation,
                with.parameters() - without.parameters(),
                with.macs() - without.macs());
    }

    /** The blocks that may be left out, by the names of their layers. */
    private List<ResidualBlock> offered(Shortened rest, Decision decision) {
        return ResidualBlocks.of(rest, analysis.shapes(), analysis.coupling().operators()).stream()
                .filter(block -> decision.names().allows(names(block)))
                .toList();
    }

    /** The names of each operator that multiplies weights. */
    private List<Set<String>> names(ResidualBlock block) {
        return block.weighted().stream()
                .map(Node::id)
                .map(analysis.layers()::names)
                .toList();
    }

    private static InvalidInputException tooMany(int wanted, int there) {
        return new InvalidInputException(
                there == 0
                        ? "The model has no residual block that can be left out: none of its sums adds a branch with"
                                + " weights to what the branch is computed from; leave --depth out."
                        : "--depth asks for " + wanted + " residual blocks, but the model has " + there
                                + " that can be left out; ask for at most " + there + ".");
    }
}
