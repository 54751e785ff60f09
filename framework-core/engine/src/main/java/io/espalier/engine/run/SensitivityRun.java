package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.run.PruningRequest.Decision;
import io.espalier.engine.run.SensitivityReport.Cut;
import io.espalier.engine.run.SensitivityReport.GroupCuts;
import io.espalier.engine.search.Trial;
import io.espalier.events.Events;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.file.TemporaryFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures what it costs to cut each group of coupled channels alone: the cut is the one that a run would make, with repair and training
 * as asked for. Nothing is proved, and nothing is left behind. Used once; {@link #cancel()} may be called from another thread.
 */
public final class SensitivityRun {

    private final PruningRequest request;
    private final List<Integer> shares;
    private final ReportedRun run;

    /**
     * A run.
     *
     * @param request says how channels are chosen; its target and other ways to choose count for nothing
     * @param shares what remains of a group, in percent, each from 1 to 99
     */
    public SensitivityRun(PruningRequest request, List<Integer> shares) {
        this.request = request;
        this.shares = List.copyOf(shares);
        this.run = new ReportedRun(
                request.trail(),
                request.input(),
                request.decision().orElseThrow().seed());
    }

    /** Stops the run soon; it ends with a {@link java.util.concurrent.CancellationException}. */
    public void cancel() {
        run.cancel();
    }

    /**
     * Cuts every group to every share and measures each time.
     *
     * @throws InvalidInputException when the input cannot be used, or there are no examples to measure with
     */
    public SensitivityReport measure() {
        return run.reported(events -> {
            EngineContext context = run.context(events);
            try (TemporaryFolder folder = TemporaryFolder.create();
                    Model model = request.input().open(request.input().file(), context)) {
                Outputs outputs = Outputs.of(
                        folder.file(request.input().file().getFileName().toString()));
                try (ResultFolder results = ResultFolder.claim(outputs)) {
                    Analysis analysis = Analysis.of(Analysis.lift(model, request));
                    PruningRequest ready = SyntheticCalibration.made(request, analysis, context)
                            .inOneWay();
                    Measurements measurements = new Measurements(analysis, ready, events, context);
                    SensitivityReport report =
                            new Measured(ready, analysis, measurements, outputs, results, context).report(model);
                    events.emit(run.finished()
                            .setOriginal(AnalysisMessages.cost(analysis.original()))
                            .build());
                    return report;
                }
            }
        });
    }

    /** The cuts of one model. */
    private final class Measured {

        private final PruningRequest ready;
        private final Analysis analysis;
        private final Measurements measurements;
        private final Outputs outputs;
        private final ResultFolder results;
        private final EngineContext context;
        private final KnownScores known = new KnownScores();
        /** What a cut does is no part of what the run reports. */
        private final Events silent;

        Measured(
                PruningRequest ready,
                Analysis analysis,
                Measurements measurements,
                Outputs outputs,
                ResultFolder results,
                EngineContext context) {
            this.ready = ready;
            this.analysis = analysis;
            this.measurements = measurements;
            this.outputs = outputs;
            this.results = results;
            this.context = context;
            this.silent = Events.silent();
        }

        SensitivityReport report(Model model) {
            Evaluation original = measurements
                    .evaluation(model, EvaluationStage.EVALUATION_STAGE_ORIGINAL)
                    .orElseThrow(() -> new InvalidInputException(
                            "Sensitivity is measured on labelled examples, and with a metric that fits them; the data has"
                                    + " no labels that are classes, or the model gives no scores of them."));
            Decision decision = ready.decision().orElseThrow();
            List<Group> groups = decider(ready).groups(decision);
            List<GroupCuts> all = new ArrayList<>();
            for (Group group : groups) {
                List<Cut> cuts = new ArrayList<>();
                for (int share : shares) {
                    context.progress(
                            "cutting one group at a time",
                            (long) all.size() * shares.size() + cuts.size(),
                            (long) groups.size() * shares.size());
                    cut(decision, group, share).ifPresent(cuts::add);
                }
                all.add(new GroupCuts(
                        group.name(),
                        analysis.layers().name(group),
                        group.channels().size(),
                        cuts));
            }
            return new SensitivityReport(
                    request.input().file(),
                    analysis.original(),
                    original,
                    ready.repair().map(repair -> repair.compensator().name()),
                    all,
                    measurements.notes());
        }

        /** A group that was cut; empty when so little of it cannot remain. */
        private Optional<Cut> cut(Decision decision, Group group, int share) {
            PruningRequest asked = ready.to(Target.parse("channels=" + share + "%"));
            try {
                Decided decided = decider(asked).decide(asked.decision().orElseThrow(), group);
                int kept = decided.plan().groups().stream()
                        .filter(planned -> planned.id() == group.id())
                        .mapToInt(planned -> planned.kept())
                        .findFirst()
                        .orElse(group.channels().size());
                Trial.Point point = new Pruning(
                                asked,
                                analysis,
                                decided,
                                measurements.telling(silent),
                                outputs,
                                results,
                                silent,
                                context,
                                Optional.empty())
                        .trial();
                return Optional.of(new Cut(share, kept, point.cost(), point.value()));
            } catch (UnreachableTargetException e) {
                return Optional.empty();
            }
        }

        private Decider decider(PruningRequest asked) {
            return new Decider(asked, analysis, payload -> {}, context, known);
        }
    }
}
