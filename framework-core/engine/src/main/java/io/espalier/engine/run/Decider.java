package io.espalier.engine.run;

import com.google.protobuf.Message;
import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.ChannelSavings;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.guard.AllocatorGuard;
import io.espalier.engine.latency.LatencyModel;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.Calibration;
import io.espalier.engine.plan.Plan.InputValue;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.Plan.ScoredLoss;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.plan.PlanMaker;
import io.espalier.engine.plan.PlanReplay;
import io.espalier.engine.run.Scoring.Scored;
import io.espalier.engine.score.GroupScores;
import io.espalier.engine.score.NamePatterns.Choice;
import io.espalier.engine.score.NamePatterns.Ignored;
import io.espalier.engine.score.Signal;
import io.espalier.events.v1.Work;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.SparsityAllocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Decides what is removed, or takes the decision from a plan, and emits both as payloads of events. */
final class Decider {

    private static final int KEEPERS_NAMED = 5;

    private final PruningRequest request;
    private final Analysis analysis;
    private final Consumer<Message> events;
    private final RunContext context;
    private final KnownScores known;
    private final int step;

    Decider(
            PruningRequest request,
            Analysis analysis,
            Consumer<Message> events,
            RunContext context,
            KnownScores known) {
        this(request, analysis, events, context, known, WorkMessages.ONLY_STEP);
    }

    /**
     * Decides one step of a schedule.
     *
     * @param step which, from 1
     */
    Decider(PruningRequest request, Analysis analysis, Consumer<Message> events, RunContext context, int step) {
        this(request, analysis, events, context, new KnownScores(), step);
    }

    private Decider(
            PruningRequest request,
            Analysis analysis,
            Consumer<Message> events,
            RunContext context,
            KnownScores known,
            int step) {
        this.known = known;
        this.step = step;
        this.request = request;
        this.analysis = analysis;
        this.events = events;
        this.context = context;
    }

    Decided decide() {
        return request.replay().isPresent()
                ? planned(replay(request.replay().get()))
                : planned(decided(request.decision().orElseThrow()));
    }

    /** Decides in one of several ways, and leaves it to whoever takes the decision to tell so. */
    Decided decide(Decision decision) {
        return decided(decision);
    }

    /**
     * Decides what a step of a schedule removes besides what is gone.
     *
     * @param network what is left
     * @param progress how much of the way to the target is done after it, as {@link TargetSolver} counts
     */
    Decided decide(CutNetwork network, double progress) {
        Decision decision = request.decision().orElseThrow().inSteps(step);
        events.accept(WorkMessages.inStep(Work.WORK_SCORE, step));
        return planned(decided(decision, round(decision, network), progress));
    }

    /** The groups that a decision may prune, in order. */
    List<Group> groups(Decision decision) {
        return round(decision, CutNetwork.whole(analysis)).choice.groups();
    }

    /** Decides what one group alone loses. */
    Decided decide(Decision decision, Group group) {
        Round round = round(decision, CutNetwork.whole(analysis));
        return planned(decided(decision, round.of(group), 1));
    }

    /** The share of all importance that a decision removes in one cut, from 0 to 1. */
    double removedImportance(Decision decision) {
        return round(decision, CutNetwork.whole(analysis)).cut(1).removedImportance();
    }

    /** Takes the decision of a step from a plan. */
    Decided decide(Plan plan) {
        return planned(replay(plan));
    }

    private Decided planned(Decided decided) {
        events.accept(DecisionMessages.planned(decided));
        return decided;
    }

    private Decided replay(Plan plan) {
        if (!plan.model().digest().equals(analysis.model().digest())) {
            throw new InvalidInputException("The plan was made for another model: it names '"
                    + plan.model().file() + "' with digest " + plan.model().digest() + ", but "
                    + request.input().file() + " has " + analysis.model().digest() + "; make the plan again.");
        }
        List<Group> groups = Groups.of(analysis.coupling(), each -> 0);
        if (step == WorkMessages.ONLY_STEP) {
            events.accept(AnalysisMessages.groupsFound(groups, analysis));
        }
        events.accept(WorkMessages.inStep(Work.WORK_PLAN, step));
        return Decided.of(
                plan.withoutRecovery(),
                PlanReplay.removal(plan, analysis.coupling()),
                names(plan, groups),
                plan.settings().latencyTable().stream()
                        .map(digest -> "the plan was decided by the latency table with SHA-256 " + digest)
                        .toList());
    }

    private Decided decided(Decision decision) {
        events.accept(WorkMessages.inStep(Work.WORK_SCORE));
        Round round = round(decision, CutNetwork.whole(analysis));
        int steps = decision.steps().number();
        for (int cut = 1; cut < steps; cut++) {
            context.checkCancelled();
            context.progress("cutting in steps", cut, steps);
            Removal removal = round.cut((double) cut / steps).removal();
            round = round(
                    decision,
                    removal.isEmpty()
                            ? CutNetwork.whole(analysis)
                            : CutNetwork.after(
                                    analysis, removal, request.input().budget()));
        }
        return decided(decision, round, 1);
    }

    private Decided decided(Decision decision, Round round, double progress) {
        events.accept(DecisionMessages.scored(decision, round.scores, analysis.layers()));
        context.checkCancelled();
        events.accept(WorkMessages.inStep(Work.WORK_PLAN, step));
        Allocation allocation = round.cut(progress);
        Plan plan = new PlanMaker(analysis.coupling())
                .plan(
                        request.trail().tool(),
                        new ModelReference(fileName(), analysis.model().digest()),
                        round.settings,
                        analysis.original(),
                        analysis.blocks(),
                        allocation,
                        round.choice.ignored(),
                        analysis.blocked());
        PlanNames names = names(plan, round.all);
        List<Ignored> unread = new ArrayList<>(round.choice.ignored());
        unread.removeAll(round.wanted.ignored());
        DecisionNotes notes = new DecisionNotes(plan, names, analysis.layers());
        notes.blocks();
        notes.unread(decision.criterion().name(), unread);
        notes.macs(decision.target());
        if (request.alternatives().isEmpty()) {
            notes.comparison(round.scores, decision.normalisation(), round.spread);
        }
        return Decided.of(plan, allocation, names, notes.all());
    }

    /** Scores what is left after a removal, as a step of a decision. */
    private Round round(Decision decision, CutNetwork network) {
        Scored scored = scored(decision, network);
        List<Group> all = scored.groups(analysis.coupling(), decision);
        if (network.earlier().isEmpty()) {
            events.accept(AnalysisMessages.groupsFound(all, analysis));
        }
        if (all.isEmpty() && analysis.blocks().isEmpty()) {
            throw nothingToPrune();
        }
        return new Round(decision, scored, all);
    }

    private Scored scored(Decision decision, CutNetwork network) {
        Scoring scoring = new Scoring(request, analysis, context);
        return network.earlier().isEmpty()
                ? known.of(decision, () -> scoring.score(decision, network))
                : scoring.score(decision, network);
    }

    /** One scoring of all groups. */
    private final class Round {

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

        Round(Decision decision, Scored scored, List<Group> all) {
            this(decision, scored, all, group -> true);
        }

        private Round(Decision decision, Scored scored, List<Group> all, Predicate<Group> offered) {
            this.scored = scored;
            this.decision = decision;
            this.all = all;
            this.wanted = decision.names().choose(all, analysis.layers());
            this.choice = Signal.readable(decision.criterion(), scored.slices(), wanted);
            List<GroupScores> raw = choice.groups().stream()
                    .map(group -> scored.of(group, decision))
                    .toList();
            Signal.require(
                    decision.criterion(),
                    raw.stream().map(GroupScores::remaining).toList());
            this.scores = raw.stream()
                    .filter(each -> offered.test(each.group()))
                    .map(group -> group.changed(
                            remaining -> decision.normalisation().of(controlled(group.group(), remaining))))
                    .toList();
            this.timed = timed();
            this.widths = widths(decision, timed);
            this.settings = settings(decision, widths, scored.data());
            this.costs = costs(settings);
            this.latency = timed.map(times -> known.latencies().model(decision, offered(), costs));
            this.spread = spread(decision, scores, costs, latency);
        }

        /** The same with one group to remove channels of. */
        Round of(Group group) {
            return new Round(decision, scored, all, each -> each.id() == group.id());
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
    }

    private PlanNames names(Plan plan, List<Group> groups) {
        return PlanNames.of(plan, groups, analysis);
    }

    /** Why nothing can be pruned: first of all an operator whose operands do not fit, which the runtime takes all the same. */
    private InvalidInputException nothingToPrune() {
        Optional<String> misfit = analysis.shapes().unsound();
        if (misfit.isPresent()) {
            return new UnusableGraphException("Nothing in the model can be pruned, because an operator makes no sense: "
                    + analysis.names().in(misfit.get()) + "; export it again.");
        }
        List<Blocked> blocked = analysis.blocked();
        String operators = blocked.stream()
                .map(each -> each.barrier().operator())
                .distinct()
                .limit(KEEPERS_NAMED)
                .collect(Collectors.joining(", "));
        return new InvalidInputException("Nothing in the model can be pruned"
                + (blocked.isEmpty()
                        ? ", because no weight of it has channels"
                        : "; what keeps it: " + operators + "; for instance "
                                + analysis.names().in(blocked.get(0).barrier().toString()))
                + ". Inspect the model for all reasons.");
    }

    private SparsityAllocation spread(
            Decision decision, List<GroupScores> scored, RemovalCosts costs, Optional<LatencyModel> latency) {
        return new AllocatorGuard(decision.allocator())
                .allocate(
                        IntStream.range(0, scored.size())
                                .mapToObj(index -> scored.get(index)
                                        .scored(new ChannelSavings(
                                                analysis.coupling(),
                                                costs,
                                                scored.get(index).group(),
                                                latency.map(times -> times.savedPerChannel(index))
                                                        .orElse(0L))))
                                .toList(),
                        decision.allocatorOptions(),
                        context);
    }

    private RemovalCosts costs(Settings settings) {
        long metadata = Provenance.bytes(Provenance.of(
                settings,
                analysis.model().digest(),
                analysis.model().digest(),
                request.trail().tool()));
        if (analysis.blocks().isEmpty()) {
            return RemovalCosts.of(analysis.costs(), analysis.coupling(), metadata);
        }
        // The file is written anew, even if no channel is removed.
        CostModel written = analysis.costs().inFile(analysis.costs().total().bytes() + metadata);
        return RemovalCosts.of(written, analysis.coupling());
    }

    private Settings settings(Decision decision, Widths widths, Optional<Calibration> calibration) {
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
                calibration,
                decision.loss().map(Decider::scored),
                decision.recipe(),
                Optional.empty());
    }

    private static ScoredLoss scored(ChosenLoss loss) {
        return new ScoredLoss(loss.loss().name(), loss.options().asMap());
    }

    /** Multiples that were timed count more than those the adapter knows to be fast. */
    private Widths widths(Decision decision, Optional<LatencyTable> table) {
        return decision.widths()
                .at(table.flatMap(LatencyTable::fastMultiple)
                        .orElseGet(() -> analysis.model().widthMultiple()));
    }

    private Map<String, InputValue> inputs() {
        Map<String, InputValue> inputs = new TreeMap<>();
        analysis.model().graph().given().forEach((name, value) -> inputs.put(name, InputValue.of(value)));
        return inputs;
    }

    private String fileName() {
        return request.input().file().getFileName().toString();
    }
}
