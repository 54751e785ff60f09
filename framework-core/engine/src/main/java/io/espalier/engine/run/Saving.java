package io.espalier.engine.run;

import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.run.PruningReport.CutSummary;
import io.espalier.engine.search.SearchFile;
import io.espalier.events.Events;
import io.espalier.events.v1.SavedKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts what a run has made into place, all files together, and tells of each. */
final class Saving {

    private final PruningRequest request;
    private final Outputs outputs;
    private final ResultFolder results;
    private final Events events;
    private final Optional<ScheduledPruning> scheduled;

    /** @param scheduled the training that the model was pruned in, where it was */
    Saving(
            PruningRequest request,
            Outputs outputs,
            ResultFolder results,
            Events events,
            Optional<ScheduledPruning> scheduled) {
        this.request = request;
        this.outputs = outputs;
        this.results = results;
        this.events = events;
        this.scheduled = scheduled;
    }

    /** A file beside the model. */
    private record Companion(SavedKind kind, Path file, byte[] content) {}

    /** The cuts of the training, each with the file of its plan. */
    List<CutSummary> cuts() {
        List<CutSummary> cuts = new ArrayList<>();
        scheduled.ifPresent(made -> {
            for (int i = 0; i < made.cuts().size(); i++) {
                Plan plan = made.cuts().get(i).plan();
                cuts.add(new CutSummary(made.steps().get(i).at(), plan.predicted(), outputs.plan(i + 1)));
            }
        });
        return cuts;
    }

    /**
     * Saves all; the model is staged already.
     *
     * @param digest that of the model
     * @param times what the model takes at several widths, where the target was a latency
     */
    void save(PruningReport report, String digest, Optional<byte[]> times, EngineContext context) {
        List<Companion> companions = companions(report, digest, times);
        companions.forEach(each -> results.add(each.file(), each.content()));
        context.checkCancelled();
        results.commit();
        deleteLeftovers();
        events.emit(OutcomeMessages.saved(
                SavedKind.SAVED_KIND_MODEL,
                outputs.model(),
                digest,
                report.pruned().cost().bytes()));
        companions.forEach(each -> events.emit(OutcomeMessages.saved(each.kind(), each.file(), each.content())));
        report.search()
                .map(SearchFile::bytes)
                .ifPresent(content ->
                        events.emit(OutcomeMessages.saved(SavedKind.SAVED_KIND_SEARCH, outputs.search(), content)));
    }

    private List<Companion> companions(PruningReport report, String digest, Optional<byte[]> times) {
        List<Companion> all = new ArrayList<>();
        all.add(new Companion(SavedKind.SAVED_KIND_PLAN, outputs.plan(), PlanFile.bytes(report.plan())));
        scheduled.ifPresent(made -> {
            for (int i = 0; i < made.cuts().size(); i++) {
                byte[] plan = PlanFile.bytes(made.cuts().get(i).plan());
                all.add(new Companion(SavedKind.SAVED_KIND_PLAN, outputs.plan(i + 1), plan));
            }
        });
        all.add(new Companion(SavedKind.SAVED_KIND_REPORT, outputs.report(), ReportJson.bytes(report)));
        request.training()
                .map(recipe -> recipe.bytes(
                        report.plan().model(),
                        new ModelReference(outputs.model().getFileName().toString(), digest),
                        PlanFile.digest(report.plan())))
                .ifPresent(content ->
                        all.add(new Companion(SavedKind.SAVED_KIND_TRAINING_RECIPE, outputs.training(), content)));
        times.ifPresent(
                content -> all.add(new Companion(SavedKind.SAVED_KIND_LATENCY_TABLE, outputs.latency(), content)));
        return all;
    }

    /** Checkpoints of a training that has ended, and plans of cuts that an earlier run made more of. */
    private void deleteLeftovers() {
        if (scheduled.isPresent() || request.fineTuning().isPresent()) {
            outputs.deleteCheckpoints();
        }
        scheduled.ifPresent(made -> outputs.deletePlansFrom(made.cuts().size() + 1));
    }
}
