package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.latency.LatencyFile;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.run.PruningRequest.Search;
import io.espalier.engine.search.AccuracyGoal;
import io.espalier.engine.search.BudgetSearch;
import io.espalier.engine.search.SearchFile;
import io.espalier.engine.search.SearchRecord;
import io.espalier.engine.search.SearchRecord.CurvePoint;
import io.espalier.engine.search.SearchRecord.Stop;
import io.espalier.engine.search.SearchRecord.TableReference;
import io.espalier.engine.search.Trial;
import io.espalier.events.Events;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.Work;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.metric.Metric;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Finds the smallest budget at which a model keeps an accuracy. A trial decides, cuts, repairs and trains as the run itself does, and is
 * measured on examples that nothing else reads. Every trial is written to the record beside the output, from which the next run with
 * the same model, data and settings goes on.
 */
final class AccuracySearch {

    /** Points that a curve has at least, as far as trials are left. */
    private static final int CURVE = 8;

    private final PruningRequest request;
    private final Search search;
    private final Analysis analysis;
    private final Measurements measurements;
    private final Outputs outputs;
    private final ResultFolder results;
    private final Events events;
    private final Supplier<Duration> elapsed;
    private Duration last = Duration.ZERO;

    /**
     * A search.
     *
     * @param elapsed how long the run has taken
     */
    AccuracySearch(
            PruningRequest request,
            Analysis analysis,
            Measurements measurements,
            Outputs outputs,
            ResultFolder results,
            Events events,
            Supplier<Duration> elapsed) {
        this.request = request;
        this.search = request.search().orElseThrow();
        this.analysis = analysis;
        this.measurements = measurements;
        this.outputs = outputs;
        this.results = results;
        this.events = events;
        this.elapsed = elapsed;
    }

    /**
     * Searches, and returns what was tried; the chosen point is there.
     *
     * @param trials carries budgets out
     */
    SearchRecord found(BudgetTrials trials) {
        requireCounted();
        Evaluation original = original();
        events.emit(WorkMessages.once(Work.WORK_SEARCH));
        Optional<SearchRecord> before =
                Files.exists(outputs.search()) ? Optional.of(SearchFile.read(outputs.search())) : Optional.empty();
        SearchRecord record = remembered(begun(original, latencies(original, before, trials)), before);
        BudgetSearch budgets = new BudgetSearch(
                record.original().value(), record.least(), trials::removedImportance, record::remaining);
        while (record.stopped().isEmpty()) {
            record = step(record, budgets, trials);
            results.replace(outputs.search(), SearchFile.bytes(record));
        }
        if (record.chosen().isEmpty()) {
            throw unreachable(record);
        }
        return record;
    }

    /** One more trial, or the end. */
    private SearchRecord step(SearchRecord record, BudgetSearch budgets, BudgetTrials trials) {
        List<Trial> tried = record.trials();
        OptionalInt next = budgets.next(tried);
        boolean isDrawn = next.isEmpty()
                && budgets.best(tried).isPresent()
                && record.curve().size() < CURVE;
        OptionalInt wanted = isDrawn ? budgets.between(tried) : next;
        if (wanted.isEmpty()) {
            return record.stopped(Stop.GOAL);
        }
        Optional<Stop> limit = limit(tried);
        if (limit.isPresent()) {
            return record.stopped(next.isEmpty() ? Stop.GOAL : limit.get());
        }
        Duration before = elapsed.get();
        SearchRecord more = record.with(new Trial(wanted.getAsInt(), trials.of(wanted.getAsInt(), tried.size() + 1)));
        last = elapsed.get().minus(before);
        events.emit(OutcomeMessages.trial(more, search.maxTrials()));
        return more;
    }

    /** What forbids another trial; the first is always made. */
    private Optional<Stop> limit(List<Trial> tried) {
        if (tried.size() >= search.maxTrials()) {
            return Optional.of(Stop.TRIALS);
        }
        return search.maxTime()
                .filter(most -> !tried.isEmpty() && elapsed.get().plus(last).compareTo(most) > 0)
                .map(most -> Stop.TIME);
    }

    private void requireCounted() {
        if (search.minimized() == Target.Metric.MACS && analysis.original().macs() == 0) {
            throw new InvalidInputException("No multiply-accumulates are counted in this model, so they cannot be"
                    + " minimised; minimise params or bytes.");
        }
    }

    private Evaluation original() {
        Evaluation original = measurements
                .evaluation(analysis.model(), EvaluationStage.EVALUATION_STAGE_ORIGINAL)
                .orElseThrow(() -> new InvalidInputException("The target '" + search.goal()
                        + "' needs labelled examples that measure accuracy, and a metric that fits them; the data has no"
                        + " labels that are classes, or the model gives no scores of them."));
        if (original.unit() != Metric.Unit.SHARE || !original.higherIsBetter()) {
            throw new InvalidInputException("The target '" + search.goal() + "' speaks of a share of examples, and the"
                    + " metric '" + original.metric() + "' is none; choose top-1 or top-k.");
        }
        search.goal()
                .requireShownBy(
                        original.value(),
                        original.examples(),
                        measurements
                                .leastLossError()
                                .orElse(AccuracyGoal.standardError(original.value(), original.examples())));
        return original;
    }

    /** What decides latencies; written before a trial is, so that whoever goes on from the record finds it. */
    private Optional<LatencyTable> latencies(Evaluation original, Optional<SearchRecord> before, BudgetTrials trials) {
        Optional<LatencyTable> earlier = before.filter(
                        record -> record.latencyTable().isPresent())
                .filter(record -> record.key().equals(key(original, digest(record.latencyTable()))))
                .flatMap(SearchRecord::latencyTable)
                .flatMap(this::beside);
        Optional<LatencyTable> table = trials.latencies(earlier);
        table.ifPresent(times -> results.replace(outputs.latency(), LatencyFile.bytes(times)));
        return table;
    }

    /** The table beside the output, if it is still the one that a record names. */
    private Optional<LatencyTable> beside(TableReference named) {
        return Optional.of(outputs.latency())
                .filter(Files::exists)
                .map(LatencyFile::read)
                .filter(table -> LatencyFile.digest(table).equals(named.digest()));
    }

    private static Optional<String> digest(Optional<TableReference> table) {
        return table.map(TableReference::digest);
    }

    private String key(Evaluation original, Optional<String> latencyTable) {
        return RunIdentity.ofTrials(request, analysis, original.metric(), latencyTable);
    }

    private SearchRecord begun(Evaluation original, Optional<LatencyTable> times) {
        Optional<TableReference> table = times.map(
                each -> new TableReference(outputs.latency().getFileName().toString(), LatencyFile.digest(each)));
        Trial.Point whole = new Trial.Point(analysis.original(), original.value());
        return new SearchRecord(
                request.trail().tool(),
                new ModelReference(
                        request.input().file().getFileName().toString(),
                        analysis.model().digest()),
                key(original, digest(table)),
                search.arguments(),
                search.goal().text(),
                search.minimized().toString(),
                table,
                original.metric(),
                original.examples(),
                times.map(each -> whole.taking(each.nanos())).orElse(whole),
                search.goal().least(original.value()),
                List.of(),
                Optional.empty());
    }

    /** The search with the trials of the record beside the output, where they are trials of the same thing. */
    private SearchRecord remembered(SearchRecord begun, Optional<SearchRecord> before) {
        SearchRecord known = begun;
        for (Trial trial : before.filter(record -> record.key().equals(begun.key()))
                .map(SearchRecord::trials)
                .orElse(List.of())) {
            known = known.with(trial);
        }
        if (!known.trials().isEmpty()) {
            measurements.note("the search went on from " + known.trials().size() + " trials of " + outputs.search());
        }
        return known;
    }

    private static UnreachableTargetException unreachable(SearchRecord record) {
        OptionalDouble unsure = record.curve().stream()
                .filter(point -> point.value() >= record.least())
                .flatMapToDouble(point -> point.lossError().stream())
                .min();
        if (unsure.isPresent()) {
            return new UnreachableTargetException(AccuracyGoal.notShown(
                    record.goal(),
                    record.original().value() - record.least(),
                    record.examples(),
                    unsure.getAsDouble()));
        }
        Optional<CurvePoint> nearest = record.curve().stream().max(Comparator.comparingDouble(CurvePoint::value));
        String tried = nearest.map(point -> String.format(
                        Locale.ROOT,
                        "of %d tried, %s kept most, with a loss of %.2f points",
                        record.trials().size(),
                        point.target(),
                        (record.original().value() - point.value()) * 100))
                .orElse("no budget that was tried can be reached");
        String more = record.stopped().filter(reason -> reason != Stop.GOAL).isPresent()
                ? " The search ended early; more trials or more time may find one."
                : "";
        return new UnreachableTargetException("The target '" + record.goal() + "' is kept by no cut: " + tried
                + ". Recover more, with calibration or training examples, or allow a greater loss." + more);
    }
}
