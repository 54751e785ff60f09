package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.latency.LatencyFile;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.reprove.GraphDigest;
import io.espalier.engine.reprove.RecoveryRecord;
import io.espalier.engine.run.PruningReport.RepairSummary;
import io.espalier.engine.run.PruningReport.TrainingSummary;
import io.espalier.engine.search.SearchRecord;
import io.espalier.engine.search.Trial;
import io.espalier.engine.surgery.PrunedGraph;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.OriginalRefusedException;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.Verifier;
import io.espalier.events.Events;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.Work;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The second half of a run: carries out a decision, proves it, repairs, measures and saves. */
final class Pruning {

    private final PruningRequest request;
    private final Analysis analysis;
    private final Decided decided;
    private final Measurements measurements;
    private final Outputs outputs;
    private final ResultFolder results;
    private final Events events;
    private final EngineContext context;
    private final Proofs proofs;
    private final Saving saving;
    private final Optional<ScheduledPruning> scheduled;

    /**
     * The second half of a run.
     *
     * @param scheduled the training that the model was pruned in, where it was
     */
    Pruning(
            PruningRequest request,
            Analysis analysis,
            Decided decided,
            Measurements measurements,
            Outputs outputs,
            ResultFolder results,
            Events events,
            EngineContext context,
            Optional<ScheduledPruning> scheduled) {
        this.proofs = new Proofs(request, measurements, events);
        this.saving = new Saving(request, outputs, results, events, scheduled);
        this.scheduled = scheduled;
        this.request = request;
        this.analysis = analysis;
        this.decided = decided;
        this.measurements = measurements;
        this.outputs = outputs;
        this.results = results;
        this.events = events;
        this.context = context;
    }

    /** What would come of the decision, without proof and without results. */
    Trial.Point trial() {
        PrunedGraph pruned = cut();
        WeightRecovery recovery = trained(pruned, repaired(pruned), false);
        try (StagedModel staged = stage(edits(pruned, recovery), provenance(decided.digest()))) {
            return measurements.trial(staged.model(), cost(staged.model()));
        }
    }

    /**
     * Carries the decision out.
     *
     * @param search how the target was found, where it was searched for
     * @param times what the model takes at several widths, where the target is a latency
     */
    PruningReport run(Optional<SearchRecord> search, Optional<LatencyTable> times, Supplier<Duration> elapsed) {
        Model original = analysis.model();
        noteOtherPlans();
        PrunedGraph pruned = cut();
        Map<String, String> provenance = provenance(decided.digest());
        events.emit(WorkMessages.inStep(Work.WORK_VERIFY));
        try (StagedModel staged = stage(pruned.edits(), provenance)) {
            Verification verification = verify(staged.model());
            Optional<Evaluation> before = measurements.evaluation(original, EvaluationStage.EVALUATION_STAGE_ORIGINAL);
            Optional<Evaluation> afterCut = scheduled.isPresent()
                    ? Optional.empty()
                    : measurements.evaluation(staged.model(), EvaluationStage.EVALUATION_STAGE_CUT);
            Measured measuredBefore = new Measured(analysis.original(), before);
            Outcome outcome = recovered(pruned, staged, afterCut);
            PruningReport report = new PruningReport(
                    request.trail().runId(),
                    request.trail().tool(),
                    request.input().file(),
                    outputs,
                    outcome.plan(),
                    decided.names(),
                    PlanFile.digest(outcome.plan()),
                    measuredBefore,
                    outcome.measured(),
                    afterCut,
                    outcome.recovery().afterRepair(),
                    verification,
                    outcome.latency(),
                    outcome.recovery().repair(),
                    outcome.recovery().training(),
                    saving.cuts(),
                    search,
                    measurements.notes(),
                    events.losses(),
                    elapsed.get());
            saving.save(report, outcome.digest(), times.map(LatencyFile::bytes), context);
            return report;
        }
    }

    /** Plans of cuts that a run with more of them has left; this one writes none. */
    private void noteOtherPlans() {
        List<Path> others = scheduled.isPresent() ? List.of() : outputs.plansFrom(1);
        if (!others.isEmpty()) {
            measurements.note(others.get(0).getFileName() + (others.size() > 1 ? " and those that follow it" : "")
                    + " beside the result: of an earlier run that cut in steps.");
        }
    }

    /** What was written, and what it is like. */
    private record Outcome(
            Plan plan,
            String digest,
            Measured measured,
            Optional<LatencyComparison> latency,
            WeightRecovery recovery) {}

    private PrunedGraph cut() {
        events.emit(WorkMessages.inStep(Work.WORK_OPERATE));
        PrunedGraph pruned = Surgery.prune(analysis.graph(), analysis.shapes(), analysis.coupling(), decided.removal())
                .after(analysis.shortened().edits());
        events.emit(DecisionMessages.operated(
                pruned.edits(), ScheduledCuts.removed(analysis.model().graph(), pruned.graph())));
        context.checkCancelled();
        return pruned;
    }

    private Verification verify(Model pruned) {
        Verification verification = proofs.accepted(compared(pruned));
        context.checkCancelled();
        return verification;
    }

    private Verification compared(Model pruned) {
        try {
            return Verifier.verify(
                    analysis.model(),
                    analysis.shortened().edits(),
                    analysis.coupling(),
                    analysis.shapes(),
                    decided.removal(),
                    pruned,
                    request.input().executor(),
                    proofs.options());
        } catch (OriginalRefusedException refused) {
            OriginalRefusedException named = refused.named(analysis.names()::in);
            if (!request.verification().acceptUnproved()) {
                throw named;
            }
            return Verification.notProved(named.getMessage());
        }
    }

    /** Repairs and trains, as asked, and writes what came of it; without either, the model as it was cut. */
    private Outcome recovered(PrunedGraph pruned, StagedModel cut, Optional<Evaluation> afterCut) {
        WeightRecovery recovery = scheduled
                .map(made -> trained(pruned, WeightRecovery.NONE.trained(made.trained(), Optional.empty()), true))
                .orElseGet(() -> trained(pruned, repaired(pruned), true));
        if (recovery.edits().isEmpty()) {
            return finish(cut, decided.plan(), afterCut, recovery);
        }
        List<Edit> edits = edits(pruned, recovery);
        boolean synthetic = request.repair().isPresent()
                && (recovery.repair().isPresent() || scheduled.isPresent())
                && measurements.calibration().orElseThrow().isSynthetic();
        Plan plan = decided.plan()
                .withRecovery(record(name(recovery), edits, cut.model())
                        .on(synthetic)
                        .trained(recovery.training().map(TrainingSummary::how)));
        Map<String, String> entries = new LinkedHashMap<>(provenance(PlanFile.digest(plan)));
        recovery.repair().ifPresent(repair -> entries.put("espalier.repair", repair.compensator()));
        recovery.training()
                .ifPresent(training -> entries.put(
                        "espalier.trained",
                        training.how().epochs() + " epochs, " + training.how().optimizer()));
        try (StagedModel staged = stage(edits, entries)) {
            Optional<Evaluation> evaluation = measurements.evaluation(
                    staged.model(),
                    recovery.training().isPresent()
                            ? EvaluationStage.EVALUATION_STAGE_TRAINED
                            : EvaluationStage.EVALUATION_STAGE_REPAIRED);
            return finish(staged, plan, evaluation, recovery);
        }
    }

    /** What makes the result of the original: a model that was trained while it was cut has edits for both. */
    private List<Edit> edits(PrunedGraph pruned, WeightRecovery recovery) {
        return scheduled.isPresent() ? recovery.edits() : joined(pruned.edits(), recovery.edits());
    }

    private String name(WeightRecovery recovery) {
        return scheduled.isPresent() && request.repair().isPresent()
                ? request.repair().get().compensator().name() + ", " + recovery.name()
                : recovery.name();
    }

    private WeightRecovery repaired(PrunedGraph pruned) {
        if (request.repair().isEmpty()) {
            return WeightRecovery.NONE;
        }
        Repair repair = request.repair().get();
        events.emit(WorkMessages.inStep(Work.WORK_REPAIR));
        Repairs repairs = new Repairs(
                repair,
                measurements.calibration().orElseThrow(),
                request.input().executor(),
                analysis.coupling().operators(),
                events,
                context,
                request.threads());
        List<Edit> changes = repairs.edits(
                analysis.model().graph(),
                pruned.graph(),
                new CutPositions(analysis.model().graph(), pruned.keptIndices()),
                new StagedFile(
                        analysis.layers(),
                        Target.parse(decided.plan().settings().target()).metric(),
                        edits -> stage(joined(pruned.edits(), edits), Map.of())));
        repairs.notes().forEach(measurements::note);
        String compensator = repair.compensator().name();
        if (changes.isEmpty()) {
            measurements.note("nothing was repaired: the compensator '" + compensator
                    + "' found nothing in the model that it could change");
            return WeightRecovery.NONE;
        }
        return WeightRecovery.repaired(
                changes,
                new RepairSummary(
                        compensator,
                        Repairs.constants(changes),
                        repair.calibration().size(),
                        repairs.fitted().stream()
                                .map(each -> each.named(analysis.names()::of))
                                .toList()));
    }

    /**
     * Trains for the epochs after the last cut, where some are asked for.
     *
     * @param isKept whether it goes on where it was after an interruption
     */
    private WeightRecovery trained(PrunedGraph pruned, WeightRecovery repair, boolean isKept) {
        if (request.fineTuning().isEmpty()) {
            return repair;
        }
        boolean repairedBefore = scheduled.isEmpty() && !repair.edits().isEmpty();
        Optional<Evaluation> before = repairedBefore ? afterRepair(edits(pruned, repair)) : Optional.empty();
        Graph graph = scheduled.isPresent() ? analysis.model().graph() : pruned.graph();
        Graph beginning = GraphEdits.apply(graph, repair.edits());
        events.emit(WorkMessages.inStep(Work.WORK_TRAIN));
        FineTuning.Trained trained = request.fineTuning()
                .get()
                .train(new FineTuning.Task(
                        analysis.model().graph(),
                        beginning,
                        analysis.coupling().operators(),
                        request.input().executor(),
                        events,
                        context,
                        Optional.empty(),
                        isKept
                                ? Optional.of(new FineTuning.Keeping(
                                        outputs.fineTuneCheckpoint(), "from " + GraphDigest.of(beginning)))
                                : Optional.empty()));
        trained.notes().forEach(measurements::note);
        return repair.trained(trained, before);
    }

    private Optional<Evaluation> afterRepair(List<Edit> edits) {
        try (StagedModel staged = stage(edits, Map.of())) {
            return measurements.evaluation(staged.model(), EvaluationStage.EVALUATION_STAGE_REPAIRED);
        }
    }

    private static List<Edit> joined(List<Edit> first, List<Edit> then) {
        List<Edit> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }

    /** What the recovery makes of the file; the file that is kept names the digest of the plan that records it. */
    private Recovery record(String name, List<Edit> edits, Model cut) {
        try (StagedModel staged = stage(edits, Map.of())) {
            return RecoveryRecord.between(name, cut.graph(), staged.model().graph());
        }
    }

    private StagedModel stage(List<Edit> edits, Map<String, String> entries) {
        return StagedModel.write(
                analysis.model(),
                edits,
                entries,
                outputs.model(),
                results,
                file -> request.input().open(file, context));
    }

    private Outcome finish(StagedModel staged, Plan plan, Optional<Evaluation> evaluation, WeightRecovery recovery) {
        Optional<LatencyComparison> latency = measurements.latency(analysis.model(), staged.model());
        events.emit(WorkMessages.once(Work.WORK_SAVE));
        Cost cost = cost(staged.model());
        String digest = staged.model().digest();
        context.checkCancelled();
        staged.take();
        return new Outcome(plan, digest, new Measured(cost, evaluation), latency, recovery);
    }

    private Cost cost(Model pruned) {
        Graph graph = pruned.graph();
        Operators operators = analysis.coupling().operators();
        return CostModel.under(
                        graph,
                        operators.infer(graph),
                        operators,
                        analysis.costs().symbols())
                .inFile(pruned.byteSize())
                .total();
    }

    private Map<String, String> provenance(String plan) {
        return Provenance.of(
                decided.plan().settings(),
                analysis.model().digest(),
                plan,
                request.trail().tool());
    }
}
