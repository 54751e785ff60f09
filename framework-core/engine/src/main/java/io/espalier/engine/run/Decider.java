package io.espalier.engine.run;

import com.google.protobuf.Message;
import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.TargetSolver;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.PlanMaker;
import io.espalier.engine.plan.PlanReplay;
import io.espalier.engine.run.Scoring.Scored;
import io.espalier.events.v1.Work;
import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

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
        return round(decision, CutNetwork.whole(analysis)).choice().groups();
    }

    /** Decides what one group alone loses. */
    Decided decide(Decision decision, Group group) {
        ScoredRound round = round(decision, CutNetwork.whole(analysis));
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
        ScoredRound round = round(decision, CutNetwork.whole(analysis));
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

    private Decided decided(Decision decision, ScoredRound round, double progress) {
        events.accept(DecisionMessages.scored(decision, round.scores(), analysis.layers()));
        context.checkCancelled();
        events.accept(WorkMessages.inStep(Work.WORK_PLAN, step));
        Allocation allocation = round.cut(progress);
        Plan plan = new PlanMaker(analysis.coupling())
                .plan(
                        request.trail().tool(),
                        new ModelReference(fileName(), analysis.model().digest()),
                        round.planSettings(),
                        analysis.original(),
                        analysis.blocks(),
                        allocation,
                        round.choice().ignored(),
                        analysis.blocked());
        PlanNames names = names(plan, round.all());
        DecisionNotes notes = new DecisionNotes(plan, names, analysis.layers());
        notes.blocks();
        notes.unread(decision.criterion().name(), round.unread());
        notes.macs(decision.target());
        if (request.alternatives().isEmpty()) {
            notes.comparison(round.scores(), decision.normalisation(), round.spread());
        }
        return Decided.of(plan, allocation, names, notes.all());
    }

    /** Scores what is left after a removal, as a step of a decision. */
    private ScoredRound round(Decision decision, CutNetwork network) {
        Scored scored = scored(decision, network);
        List<Group> all = scored.groups(analysis.coupling(), decision);
        if (network.earlier().isEmpty()) {
            events.accept(AnalysisMessages.groupsFound(all, analysis));
        }
        if (all.isEmpty() && analysis.blocks().isEmpty()) {
            throw nothingToPrune();
        }
        return new ScoredRound(analysis, request.trail().tool(), known, context, decision, scored, all, group -> true);
    }

    private Scored scored(Decision decision, CutNetwork network) {
        Scoring scoring = new Scoring(request, analysis, context);
        return network.earlier().isEmpty()
                ? known.of(decision, () -> scoring.score(decision, network))
                : scoring.score(decision, network);
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

    private String fileName() {
        return request.input().file().getFileName().toString();
    }
}
