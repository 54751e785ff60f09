package io.espalier.engine.run;

import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.ChannelSavings;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.guard.AllocatorGuard;
import io.espalier.engine.latency.LatencyModel;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.plan.Plan.InputValue;
import io.espalier.engine.plan.Plan.ScoredLoss;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.run.Scoring.Scored;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.NamePatterns.Choice;
import io.espalier.engine.score.NamePatterns.Ignored;
import io.espalier.engine.score.Signal;
import io.espalier.graph.cost.CostModel;
import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.SparsityAllocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** One scoring of all groups: what each may lose, and how a part of the way to the target is spread over them. */
final class ScoredRound {

    private final Analysis analysis;
    private final String tool;
    private final KnownScores known;
    private final RunContext context;
    private final Decision decision;
    private final Scored scored;
    private final List<Group> all;
    private final Choice wanted;
    private final Choice choice;
    private final List<GroupScores> scores;
    private final Widths widths;
    private final Settings settings;
    private final RemovalCosts costs;
    private final Optional<LatencyTable> timed;
    private final Optional<LatencyModel> latency;
    private final SparsityAllocation spread;

    /**
     * Scores as a decision wants them.
     *
     * @param tool what the plan will say of who made it
     * @param scored scores of the slices
     * @param all the groups there are
     * @param offered those that may lose channels, as far as the decision chooses them
     */
    ScoredRound(
            Analysis analysis,
            String tool,
            KnownScores known,
            RunContext context,
            Decision decision,
            Scored scored,
            List<Group> all,
            Predicate<Group> offered) {
        this.analysis = analysis;
        this.tool = tool;
        this.known = known;
        this.context = context;
        this.scored = scored;
        this.decision = decision;
        this.all = all;
        this.wanted = decision.names().choose(all, analysis.layers());
        this.choice = Signal.readable(decision.criterion(), scored.slices(), wanted);
        List<GroupScores> raw = choice.groups().stream()
                .map(group -> scored.of(group, decision))
                .toList();
        Signal.require(
                decision.criterion(), raw.stream().map(GroupScores::remaining).toList());
        this.scores = raw.stream()
                .filter(each -> offered.test(each.group()))
                .map(group ->
                        group.changed(remaining -> decision.normalisation().of(controlled(group.group(), remaining))))
                .toList();
        this.timed = timed();
        this.widths = multiples(timed);
        this.settings = settings(widths);
        this.costs = costs(settings);
        this.latency = timed.map(times -> known.latencies().model(decision, offered(), costs));
        this.spread = allocated(costs, latency);
    }

    /** The same with one group to remove channels of. */
    ScoredRound of(Group group) {
        return new ScoredRound(analysis, tool, known, context, decision, scored, all, each -> each.id() == group.id());
    }

    private List<Group> offered() {
        return scores.stream().map(GroupScores::group).toList();
    }

    /** What the groups take in the runtime, where the target is a latency. */
    private Optional<LatencyTable> timed() {
        if (decision.target().metric() != Target.Metric.LATENCY) {
            return Optional.empty();
        }
        RemovalCosts plain = RemovalCosts.of(analysis.costs(), analysis.coupling());
        return Optional.of(known.latencies().of(decision, offered(), plain));
    }

    private double[] controlled(Group group, double... remaining) {
        String subject = "scores of group " + group.id();
        return decision.control().of(remaining, context.random("espalier", subject));
    }

    private Target remaining(Target target) {
        return timed.map(table -> target.ofTotal(table.nanos()))
                .orElseGet(() -> analysis.blocks().isEmpty() ? target : analysis.target(target));
    }

    /** Removes what a part of the way to the target asks for. */
    Allocation cut(double progress) {
        List<Group> ignored = choice.ignored().stream().map(Ignored::group).toList();
        return new TargetSolver(analysis.coupling(), costs, widths, ignored, latency)
                .solve(scores, spread, remaining(decision.target()), progress);
    }

    /** Groups that may be pruned and can be scored, with those that are left alone. */
    Choice choice() {
        return choice;
    }

    /** Those of its groups that are left alone because nothing in them can be scored. */
    List<Ignored> unread() {
        List<Ignored> unread = new ArrayList<>(choice.ignored());
        unread.removeAll(wanted.ignored());
        return unread;
    }

    List<Group> all() {
        return all;
    }

    List<GroupScores> scores() {
        return scores;
    }

    /** The settings that a plan records. */
    Settings planSettings() {
        return settings;
    }

    SparsityAllocation spread() {
        return spread;
    }

    private SparsityAllocation allocated(RemovalCosts costs, Optional<LatencyModel> latency) {
        return new AllocatorGuard(decision.allocator())
                .allocate(
                        IntStream.range(0, scores.size())
                                .mapToObj(index -> scores.get(index)
                                        .scored(new ChannelSavings(
                                                analysis.coupling(),
                                                costs,
                                                scores.get(index).group(),
                                                latency.map(times -> times.savedPerChannel(index))
                                                        .orElse(0L))))
                                .toList(),
                        decision.allocatorOptions(),
                        context);
    }

    private RemovalCosts costs(Settings settings) {
        long metadata = Provenance.bytes(Provenance.of(
                settings, analysis.model().digest(), analysis.model().digest(), tool));
        if (analysis.blocks().isEmpty()) {
            return RemovalCosts.of(analysis.costs(), analysis.coupling(), metadata);
        }
        // The file is written anew, even if no channel is removed.
        CostModel written = analysis.costs().inFile(analysis.costs().total().bytes() + metadata);
        return RemovalCosts.of(written, analysis.coupling());
    }

    private Settings settings(Widths widths) {
        return new Settings(
                decision.criterion().name(),
                decision.options().asMap(),
                decision.aggregation().toString(),
                decision.normalisation().toString(),
                decision.allocator().name(),
                decision.allocatorOptions().asMap(),
                decision.control().toString(),
                decision.target().text(),
                decision.steps().number(),
                decision.depth().blocks(),
                widths.minKeep(),
                widths.roundTo(),
                decision.heads().toString(),
                decision.names().ignore(),
                decision.names().only(),
                decision.seed(),
                analysis.costs().symbols(),
                inputs(),
                scored.data(),
                decision.loss().map(ScoredRound::recorded),
                decision.recipe(),
                Optional.empty());
    }

    private static ScoredLoss recorded(ChosenLoss loss) {
        return new ScoredLoss(loss.loss().name(), loss.options().asMap());
    }

    /** Multiples that were timed count more than those the adapter knows to be fast. */
    private Widths multiples(Optional<LatencyTable> timed) {
        return decision.widths()
                .at(timed.flatMap(LatencyTable::fastMultiple)
                        .orElseGet(() -> analysis.model().widthMultiple()));
    }

    private Map<String, InputValue> inputs() {
        Map<String, InputValue> inputs = new TreeMap<>();
        analysis.model().graph().given().forEach((name, value) -> inputs.put(name, InputValue.of(value)));
        return inputs;
    }
}
