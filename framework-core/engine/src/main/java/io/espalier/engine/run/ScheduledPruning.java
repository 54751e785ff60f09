package io.espalier.engine.run;

import io.espalier.engine.run.PruningRequest.Scheduled;
import io.espalier.events.Events;
import io.espalier.events.v1.Work;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.schedule.PruningStep;
import java.util.List;
import java.util.Optional;

/**
 * A model that was pruned while it was trained.
 *
 * @param trained what training made of it; its edits make the pruned model of the original
 * @param cuts what each cut decided; each says all that was gone then
 * @param steps when each was made
 */
record ScheduledPruning(FineTuning.Trained trained, List<Decided> cuts, List<PruningStep> steps) {

    ScheduledPruning {
        cuts = List.copyOf(cuts);
        steps = List.copyOf(steps);
    }

    /** Trains a model and cuts it as the request says. */
    static ScheduledPruning run(
            PruningRequest request,
            Analysis analysis,
            Measurements measurements,
            Outputs outputs,
            Events events,
            EngineContext context) {
        Scheduled asked = request.scheduled().orElseThrow();
        ScheduledCuts cuts = new ScheduledCuts(request, analysis, measurements, events, context);
        events.emit(WorkMessages.inStep(Work.WORK_TRAIN));
        Graph graph = analysis.model().graph();
        FineTuning.Trained trained = asked.training()
                .train(new FineTuning.Task(
                        graph,
                        graph,
                        analysis.coupling().operators(),
                        request.input().executor(),
                        events,
                        context,
                        Optional.of(new FineTuning.Cutting(cuts, asked.rewind())),
                        Optional.of(new FineTuning.Keeping(outputs.checkpoint(), identity(request, analysis)))));
        trained.notes().forEach(measurements::note);
        return new ScheduledPruning(trained, cuts.made(), cuts.steps());
    }

    /** What is gone in the end. */
    Decided last() {
        return cuts.get(cuts.size() - 1);
    }

    private static String identity(PruningRequest request, Analysis analysis) {
        Decision decision = request.decision().orElseThrow();
        return String.join(
                "\n",
                analysis.model().digest(),
                "target " + decision.target(),
                "schedule " + request.scheduled().orElseThrow().label(),
                "rewind " + request.scheduled().orElseThrow().rewind(),
                RunIdentity.of(decision),
                "scored on " + decision.calibration().map(data -> data.size()),
                "repair "
                        + request.repair()
                                .map(each -> RunIdentity.of(each) + " "
                                        + each.calibration().size()));
    }
}
