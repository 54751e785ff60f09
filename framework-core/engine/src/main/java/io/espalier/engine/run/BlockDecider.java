package io.espalier.engine.run;

import io.espalier.engine.depth.ResidualBlock;
import io.espalier.engine.depth.ResidualBlocks;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.PlanReplay;
import io.espalier.engine.run.PruningRequest.Decision;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which residual blocks are left out, or takes them from a plan: one after the other, each time the one without which
 * the outputs differ least from those of the original.
 */
final class BlockDecider {

    private final PruningRequest request;
    private final Analysis analysis;
    private final EngineContext context;

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
        Shortened rest = Shortened.whole(analysis.model().graph());
        int wanted = decision.depth().blocks();
        List<ResidualBlock> first = offered(rest, decision);
        if (first.size() < wanted) {
            throw tooMany(wanted, first.size());
        }
        List<PlannedBlock> chosen = new ArrayList<>();
        BlockScores scores = BlockScores.of(decision, request, analysis, context);
        while (chosen.size() < wanted) {
            List<ResidualBlock> offered = offered(rest, decision);
            if (offered.isEmpty()) {
                throw tooMany(wanted, chosen.size());
            }
            context.progress("choosing residual blocks", chosen.size(), wanted);
            double[] deviations = scores.without(rest, offered);
            int least = least(controlled(decision, chosen.size(), deviations));
            Shortened next = rest.without(offered.get(least));
            chosen.add(planned(offered.get(least), deviations[least], rest, next));
            rest = next;
        }
        context.progress("choosing residual blocks", wanted, wanted);
        return without(rest, chosen);
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
                block.kept(),
                block.branch(),
                deviation,
                with.parameters() - without.parameters(),
                with.macs() - without.macs());
    }

    /** The blocks that may be left out, by the names of their layers. */
    private List<ResidualBlock> offered(Shortened rest, Decision decision) {
        return ResidualBlocks.of(
                        rest.graph(), analysis.shapes(), analysis.coupling().operators())
                .stream()
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
