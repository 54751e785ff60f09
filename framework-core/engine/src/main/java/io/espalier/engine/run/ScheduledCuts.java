package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.guard.ScheduleGuard;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.plan.PlanReplay;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.engine.run.PruningRequest.Scheduled;
import io.espalier.engine.surgery.EarlierClasses;
import io.espalier.engine.surgery.PrunedGraph;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verifier;
import io.espalier.events.Events;
import io.espalier.events.v1.Work;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.schedule.PruningStep;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Carries out a schedule while a network is trained. Each cut is decided on what the cuts before it left, with the weights of that
 * moment; its plan says all that is gone from the original. Used once; not thread-safe.
 */
final class ScheduledCuts implements NetworkCuts {

    private static final String PLAN = "the checkpoint";

    private final PruningRequest request;
    private final Scheduled asked;
    private final Analysis analysis;
    private final Measurements measurements;
    private final Proofs proofs;
    private final Events events;
    private final EngineContext context;
    private final Operators operators;
    private final ScheduleGuard schedule;
    private final CutTargets targets;
    private final List<Decided> made = new ArrayList<>();
    private final List<PruningStep> steps = new ArrayList<>();
    private Optional<ObservedChoices> observed = Optional.empty();
    private Optional<Beginning> beginning = Optional.empty();

    /** The network that training began with, and the classes of the original that its classes are. */
    private record Beginning(Graph graph, Shapes shapes, Coupling coupling, int[] classes) {}

    ScheduledCuts(
            PruningRequest request,
            Analysis analysis,
            Measurements measurements,
            Events events,
            EngineContext context) {
        this.request = request;
        this.asked = request.scheduled().orElseThrow();
        this.analysis = analysis;
        this.measurements = measurements;
        this.proofs = new Proofs(request, measurements, events);
        this.events = events;
        this.context = context;
        this.operators = analysis.coupling().operators();
        this.schedule = new ScheduleGuard(asked.schedule());
        this.targets = new CutTargets(analysis, request.decision().orElseThrow().target());
    }

    /** The cuts that were made, in order. */
    List<Decided> made() {
        return List.copyOf(made);
    }

    /** The steps of the schedule; those whose cuts were made at the moment when they were. */
    List<PruningStep> steps() {
        return List.copyOf(steps);
    }

    @Override
    public List<Long> moments(long length) {
        steps.addAll(schedule.steps(length, targets.share(), asked.options(), context));
        return steps.stream().map(PruningStep::at).toList();
    }

    @Override
    public Optional<Target> target(int cut) {
        return Optional.of(targets.of(steps.get(cut), made.isEmpty() ? Optional.empty() : Optional.of(last().plan())));
    }

    @Override
    public NetworkCut next(Graph network, long over) {
        context.checkCancelled();
        CutNetwork now = now(network);
        int number = made.size() + 1;
        comesAt(over);
        Decided decided = decider(number).decide(now, targets.progress(steps.get(made.size())));
        decided.notes().forEach(measurements::note);
        NetworkCut cut = carriedOut(now, decided, Optional.of(number));
        events.emit(WorkMessages.inStep(Work.WORK_TRAIN, Math.min(number + 1, steps.size())));
        return cut;
    }

    @Override
    public NetworkCut again(Graph network, byte[] record, long over) {
        int number = made.size() + 1;
        comesAt(over);
        return carriedOut(now(network), decider(number).decide(PlanFile.parse(record, PLAN)), Optional.empty());
    }

    /** Notes when the next cut is made. */
    private void comesAt(long over) {
        PruningStep planned = steps.get(made.size());
        if (over < planned.at()) {
            measurements.note("Cut " + (made.size() + 1) + " came after " + over + " steps instead of " + planned.at()
                    + (observes()
                            ? ": the choice of channels had settled."
                            : ": validation had not become better for so long."));
        }
        steps.set(made.size(), new PruningStep(over, planned.progress()));
        observed = Optional.empty();
    }

    @Override
    public boolean observes() {
        return schedule.observes();
    }

    @Override
    public boolean isSettled(Graph network) {
        Decider silent = new Decider(request, analysis, message -> {}, context, made.size() + 1);
        Decided decided = silent.decide(now(network), targets.progress(steps.get(made.size())));
        ObservedChoices choices = observed();
        choices.add(decided.removal());
        return schedule.isSettled(choices.all(), asked.options());
    }

    private ObservedChoices observed() {
        if (observed.isEmpty()) {
            Removal earlier = made.isEmpty() ? Removal.of(new BitSet()) : last().removal();
            List<Group> groups = Groups.of(
                    analysis.coupling(),
                    each -> 0,
                    request.decision().orElseThrow().heads());
            observed = Optional.of(new ObservedChoices(groups, earlier));
        }
        return observed.get();
    }

    @Override
    public List<byte[]> choices() {
        return observed.map(ObservedChoices::records).orElse(List.of());
    }

    @Override
    public void restore(List<byte[]> choices) {
        choices.forEach(observed()::restore);
    }

    private Decider decider(int number) {
        return new Decider(request, analysis, events::emit, context, number);
    }

    private CutNetwork now(Graph network) {
        Shapes shapes = operators.infer(network);
        Coupling coupling = CouplingAnalysis.analyse(
                network, shapes, operators, request.input().budget());
        if (beginning.isEmpty()) {
            int[] classes = OwnClasses.of(analysis.model().graph(), analysis.coupling(), network, coupling);
            beginning = Optional.of(new Beginning(network, shapes, coupling, classes));
        }
        Beginning first = beginning.get();
        if (made.isEmpty()) {
            return new CutNetwork(network, coupling, Optional.of(first.classes()), Removal.of(new BitSet()));
        }
        Removal earlier = last().removal();
        int[] own = EarlierClasses.of(first.coupling(), Removal.of(in(first.classes(), earlier)), coupling);
        int[] classes = IntStream.of(own)
                .map(each -> each < 0 || each >= first.classes().length ? -1 : first.classes()[each])
                .toArray();
        return new CutNetwork(network, coupling, Optional.of(classes), earlier);
    }

    /** The last cut: what it removes is all that is gone. */
    Decided last() {
        return made.get(made.size() - 1);
    }

    /** Those of some classes that are gone from the original. */
    private static BitSet in(int[] classes, Removal removal) {
        BitSet gone = new BitSet();
        IntStream.range(0, classes.length)
                .filter(each -> removal.removes(classes[each]))
                .forEach(gone::set);
        return gone;
    }

    /**
     * Cuts what is left.
     *
     * @param number of the cut when it is made for the first time, and is proved and repaired; empty when it is made again
     */
    private NetworkCut carriedOut(CutNetwork now, Decided decided, Optional<Integer> number) {
        made.add(decided);
        byte[] record = PlanFile.bytes(decided.plan());
        BitSet gone = in(now.classes().orElseThrow(), decided.removal());
        if (gone.isEmpty()) {
            measurements.note(
                    "Cut " + made.size() + " removed nothing: what was left met its share of the target already.");
            return new NetworkCut(now.graph(), now.graph(), graph -> graph, List.of(), record);
        }
        Shapes shapes = operators.infer(now.graph());
        Removal removal = PlanReplay.removal(gone, now.coupling());
        PrunedGraph pruned = Surgery.prune(now.graph(), shapes, now.coupling(), removal);
        List<Edit> repair = List.of();
        if (number.isPresent()) {
            events.emit(WorkMessages.inStep(Work.WORK_OPERATE, number.get()));
            events.emit(DecisionMessages.operated(pruned.edits(), removed(now.graph(), pruned.graph())));
            events.emit(WorkMessages.inStep(Work.WORK_VERIFY, number.get()));
            proofs.accepted(Verifier.verify(
                    now.graph(),
                    now.coupling(),
                    shapes,
                    removal,
                    pruned.graph(),
                    request.input().executor(),
                    proofs.options()));
            repair = repair(now.graph(), pruned, number.get());
        }
        return new NetworkCut(
                now.graph(),
                GraphEdits.apply(pruned.graph(), repair),
                graph -> Surgery.prune(graph, shapes, now.coupling(), removal).graph(),
                repair.stream()
                        .map(each -> ((Edit.SetConstant) each).constant())
                        .toList(),
                record);
    }

    static long removed(Graph before, Graph after) {
        return Math.max(0, elements(before) - elements(after));
    }

    private static long elements(Graph graph) {
        return graph.allConstants().values().stream()
                .mapToLong(each -> each.size())
                .sum();
    }

    private List<Edit> repair(Graph before, PrunedGraph pruned, int number) {
        if (request.repair().isEmpty()) {
            return List.of();
        }
        events.emit(WorkMessages.inStep(Work.WORK_REPAIR, number));
        Repairs repairs = new Repairs(
                request.repair().get(),
                measurements.calibration().orElseThrow(),
                request.input().executor(),
                operators,
                events,
                context,
                request.threads());
        List<Edit> edits = repairs.edits(
                before, pruned.graph(), new CutPositions(before, pruned.keptIndices()), RefittedFile.NONE);
        repairs.notes().forEach(measurements::note);
        edits.stream()
                .filter(each -> !(each instanceof Edit.SetConstant))
                .findFirst()
                .ifPresent(other -> {
                    throw new InvalidInputException(
                            "The compensator '"
                                    + request.repair().get().compensator().name()
                                    + "' changes more than weights, which training cannot go on from; repair with another one.");
                });
        return edits;
    }

    /** The edits of all cuts together, in the network that training began with. */
    @Override
    public List<Edit> edits() {
        if (beginning.isEmpty()) {
            return List.of();
        }
        Beginning first = beginning.get();
        Removal removal = PlanReplay.removal(in(first.classes(), last().removal()), first.coupling());
        return Surgery.prune(first.graph(), first.shapes(), first.coupling(), removal)
                .edits();
    }
}
