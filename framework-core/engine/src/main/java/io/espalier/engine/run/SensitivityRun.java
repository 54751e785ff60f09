package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.run.SensitivityReport.Cut;
import io.espalier.engine.run.SensitivityReport.GroupCuts;
import io.espalier.engine.run.TimedDecider.Attempt;
import io.espalier.engine.search.Trial;
import io.espalier.events.Events;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.Work;
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

    private static final String PHASE = "cutting one group at a time";

    private final PruningRequest request;
    private final List<Integer> shares;
    private final Ways ways;
    private final ReportedRun run;

    /** Which ways to choose channels are measured, where a request has several. */
    public enum Ways {
        /** The one that a run would take: whose outputs for calibration examples deviate least. */
        BEST,
        /** Each of them. */
        EACH,
        /** The one that is taken where there is nothing to compare with. */
        FIRST
    }

    /**
     * A run.
     *
     * @param request says how channels are chosen; its target counts for nothing
     * @param shares what remains of a group, in percent, each from 1 to 99
     */
    public SensitivityRun(PruningRequest request, List<Integer> shares, Ways ways) {
        this.request = request;
        this.ways = ways;
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
                    events.emit(WorkMessages.once(Work.WORK_ANALYSE));
                    Analysis analysis = Analysis.of(Analysis.lift(model, request));
                    PruningRequest calibrated = SyntheticCalibration.made(request, analysis, context);
                    PruningRequest ready = ways == Ways.FIRST ? calibrated.inOneWay() : calibrated;
                    Measurements measurements = new Measurements(analysis, ready, events, context);
                    SensitivityReport report = new Measured(
                                    ready, analysis, measurements, outputs, results, events, context)
                            .report(model);
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
        private final Events events;
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
                Events events,
                EngineContext context) {
            this.events = events;
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
            events.emit(WorkMessages.inStep(Work.WORK_TRY));
            List<Decision> decisions = trials(ready, measurements).ways();
            List<Group> groups = decider(ready).groups(decisions.get(0));
            List<GroupCuts> all = new ArrayList<>();
            for (Group group : groups) {
                String layer = analysis.layers().name(group);
                List<Cut> cuts = new ArrayList<>();
                for (int i = 0; i < shares.size(); i++) {
                    int share = shares.get(i);
                    Attempted cut = new Attempted(
                            PHASE,
                            "cut",
                            all.size() * shares.size() + i + 1,
                            groups.size() * shares.size(),
                            layer + " to " + share + " %");
                    cuts.addAll(context.trying(cut, () -> cuts(decisions, group, share)));
                }
                all.add(new GroupCuts(group.name(), layer, group.channels().size(), cuts));
            }
            return new SensitivityReport(
                    request.input().file(),
                    analysis.original(),
                    original,
                    ready.repair().map(repair -> repair.compensator().name()),
                    all,
                    measurements.notes());
        }

        /** A group that was cut, in each way that is to be measured; empty when so little of it cannot remain. */
        private List<Cut> cuts(List<Decision> decisions, Group group, int share) {
            Target target = Target.parse("channels=" + share + "%");
            PruningRequest asked = ready.to(target);
            List<Decision> wanted =
                    decisions.stream().map(each -> each.to(target)).toList();
            try {
                Attempt taken = taken(asked, wanted, group);
                List<Cut> cuts = new ArrayList<>();
                for (Decision way : ways == Ways.EACH ? wanted : List.of(taken.way())) {
                    boolean isTaken = way == taken.way();
                    (isTaken ? Optional.of(taken) : possible(asked, way, group))
                            .map(attempt -> cut(asked, attempt, group, share, isTaken))
                            .ifPresent(cuts::add);
                }
                return cuts;
            } catch (UnreachableTargetException e) {
                return List.of();
            }
        }

        /** What a run would remove of the group alone. */
        private Attempt taken(PruningRequest asked, List<Decision> wanted, Group group) {
            Optional<Attempt> best = wanted.size() < 2
                    ? Optional.empty()
                    : trials(asked, measurements.telling(silent))
                            .best(wanted, way -> attempt(asked, way, group))
                            .map(Trials.Trial::attempt);
            return best.orElseGet(() -> attempt(asked, wanted.get(0), group));
        }

        private Optional<Attempt> possible(PruningRequest asked, Decision way, Group group) {
            try {
                return Optional.of(attempt(asked, way, group));
            } catch (InvalidInputException e) {
                // The ways that were compared are without it, too.
                return Optional.empty();
            }
        }

        private Attempt attempt(PruningRequest asked, Decision way, Group group) {
            return new Attempt(way, decider(asked).decide(way, group), List.of());
        }

        private Cut cut(PruningRequest asked, Attempt attempt, Group group, int share, boolean isTaken) {
            int kept = attempt.decided().plan().groups().stream()
                    .filter(planned -> planned.id() == group.id())
                    .mapToInt(planned -> planned.kept())
                    .findFirst()
                    .orElse(group.channels().size());
            Trial.Point point = new Pruning(
                            asked,
                            analysis,
                            attempt.decided(),
                            measurements.telling(silent),
                            outputs,
                            results,
                            silent,
                            context,
                            Optional.empty())
                    .trial();
            return new Cut(
                    share, kept, point.cost(), point.value(), attempt.way().way(), isTaken);
        }

        private Trials trials(PruningRequest asked, Measurements told) {
            return new Trials(asked, analysis, told, known, silent, context);
        }

        private Decider decider(PruningRequest asked) {
            return new Decider(asked, analysis, payload -> {}, context, known);
        }
    }
}
