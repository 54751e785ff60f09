package io.espalier.training;

import io.espalier.engine.data.Preparation;
import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.run.EngineContext;
import io.espalier.engine.run.OutcomeMessages;
import io.espalier.engine.run.Outputs;
import io.espalier.engine.run.ReportedRun;
import io.espalier.engine.run.ResultFolder;
import io.espalier.engine.run.WorkMessages;
import io.espalier.events.Events;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.SavedKind;
import io.espalier.events.v1.Work;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Opens a model, trains it, and writes it with its trained weights, a report and the journal of its events. Used once; {@link
 * #cancel()} may be called from another thread.
 */
public final class TrainingRun {

    private final TrainingRequest request;
    private final ReportedRun run;
    private final List<String> notes = new ArrayList<>();

    public TrainingRun(TrainingRequest request) {
        this.request = request;
        this.run = new ReportedRun(
                request.trail(), request.input(), request.settings().seed());
    }

    /** Stops the run soon; it ends with a {@link java.util.concurrent.CancellationException}. */
    public void cancel() {
        run.cancel();
    }

    /**
     * Trains and writes.
     *
     * @param listener hears of each epoch when it has ended
     * @throws InvalidInputException when model or data cannot be used, or the training diverges
     */
    public TrainingReport run(Consumer<EpochResult> listener) {
        Outputs outputs = Outputs.of(request.output());
        return run.journalled(outputs, (results, events) -> {
            EngineContext context = run.context(events);
            try (Model model = request.input().open(request.input().file(), context)) {
                return trained(model, outputs, results, events, context, listener);
            }
        });
    }

    private TrainingReport trained(
            Model model,
            Outputs outputs,
            ResultFolder results,
            Events events,
            EngineContext context,
            Consumer<EpochResult> listener) {
        Operators operators = Operators.standard().with(request.input().semantics());
        TrainingData data = data(model.graph(), context);
        request.measured()
                .flatMap(each -> Preparation.note(
                        "The training data",
                        data.examples(),
                        "the data that measures",
                        batches(model.graph(), each, context)))
                .ifPresent(notes::add);
        Optional<Evaluation> before = measured(model, EvaluationStage.EVALUATION_STAGE_ORIGINAL, events, context);
        Checkpoint checkpoint = checkpoint(model, data);
        events.emit(WorkMessages.once(Work.WORK_TRAIN));
        TrainedGraph trained = trained(
                model, operators, data, checkpoint, new TrainingWatch(context, new LossEvents(events), listener));
        note(trained.notes());
        context.checkCancelled();
        Path stage = results.stage();
        Path staged = stage.resolve(outputs.model().getFileName());
        model.write(staged, trained.edits(), provenance(model));
        TrainingReport report;
        String digest;
        try (Model written = request.input().open(staged, context)) {
            Optional<Evaluation> after = measured(written, EvaluationStage.EVALUATION_STAGE_TRAINED, events, context);
            digest = written.digest();
            report = report(outputs, trained, before, after, events);
        }
        results.take(stage);
        save(report, digest, results, events);
        checkpoint.delete();
        events.emit(run.finished().build());
        return report;
    }

    private TrainingReport report(
            Outputs outputs,
            TrainedGraph trained,
            Optional<Evaluation> before,
            Optional<Evaluation> after,
            Events events) {
        return new TrainingReport(
                request.trail().runId(),
                request.trail().tool(),
                request.input().file(),
                outputs,
                trained.weights(),
                trained.epochs(),
                before,
                after,
                notes,
                events.losses(),
                run.elapsed());
    }

    /** Puts model and report into place together. */
    private static void save(TrainingReport report, String digest, ResultFolder results, Events events) {
        Outputs files = report.files();
        byte[] summary = TrainingJson.bytes(report);
        events.emit(WorkMessages.once(Work.WORK_SAVE));
        results.add(files.report(), summary);
        results.commit();
        events.emit(OutcomeMessages.saved(SavedKind.SAVED_KIND_MODEL, files.model(), digest, size(files.model())));
        events.emit(OutcomeMessages.saved(SavedKind.SAVED_KIND_REPORT, files.report(), summary));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Checkpoint checkpoint(Model model, TrainingData data) {
        String training = String.join(
                "\n",
                model.digest(),
                request.settings().text(),
                "examples " + data.examples().examples(),
                "validation " + data.validation().map(Batches::examples).orElse(0L),
                "teacher "
                        + request.teacher()
                                .map(TrainingRequest.Distilling::text)
                                .orElse("none"));
        return new Checkpoint(Outputs.of(request.output()).checkpoint(), training, request.resumes());
    }

    private TrainedGraph trained(
            Model model, Operators operators, TrainingData data, Checkpoint checkpoint, TrainingWatch watch) {
        try (Taught taught = Taught.of(request.teacher(), watch.context())) {
            return TrainedGraph.of(
                    model.graph(),
                    operators,
                    data,
                    request.settings(),
                    taught.distillation(),
                    Course.PLAIN,
                    Optional.of(checkpoint),
                    request.input().executor(),
                    watch);
        }
    }

    /** An open teacher. */
    private record Taught(Optional<Model> model, Optional<Distillation> distillation) implements AutoCloseable {

        static Taught of(Optional<TrainingRequest.Distilling> asked, RunContext context) {
            Optional<Model> model =
                    asked.map(each -> each.teacher().open(each.teacher().file(), context));
            return new Taught(
                    model,
                    asked.map(each -> new Distillation(model.orElseThrow().graph(), each.loss(), each.share())));
        }

        @Override
        public void close() {
            model.ifPresent(Model::close);
        }
    }

    private TrainingData data(Graph graph, EngineContext context) {
        Batches examples = batches(graph, request.examples(), context);
        note(examples.notes());
        Optional<Batches> validation = request.validation().map(each -> batches(graph, each, context));
        return TrainingData.of(examples, validation, request.metric());
    }

    private Batches batches(Graph graph, Dataset data, EngineContext context) {
        return Batches.of(graph, data, Evaluation.BATCHES, context);
    }

    private void note(List<String> sentences) {
        sentences.stream().filter(sentence -> !notes.contains(sentence)).forEach(notes::add);
    }

    /** What the metric says of a file in its own runtime. */
    private Optional<Evaluation> measured(Model model, EvaluationStage stage, Events events, EngineContext context) {
        if (request.measured().isEmpty()) {
            return Optional.empty();
        }
        Batches data = batches(model.graph(), request.measured().get(), context);
        note(data.notes());
        Optional<ChosenMetric> metric = request.metric().on(data, true);
        if (metric.isEmpty()) {
            note(List.of(request.metric().reason(data)));
            return Optional.empty();
        }
        events.emit(WorkMessages.once(Work.WORK_EVALUATE));
        try (Runner runner = model.runner()) {
            Evaluation evaluation = Evaluation.measure(runner, data, metric.get(), "measuring", context);
            events.emit(OutcomeMessages.evaluated(stage, evaluation));
            return Optional.of(evaluation);
        }
    }

    private Map<String, String> provenance(Model model) {
        Map<String, String> entries = new LinkedHashMap<>(model.metadata());
        entries.keySet().removeIf(name -> !name.startsWith("espalier."));
        entries.put("espalier.tool", request.trail().tool());
        entries.put("espalier.trained-from", model.digest());
        return entries;
    }
}
