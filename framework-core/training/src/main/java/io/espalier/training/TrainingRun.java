package io.espalier.training;

import io.espalier.engine.data.Preparation;
import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.run.EngineContext;
import io.espalier.engine.run.Outputs;
import io.espalier.events.Events;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens a model, trains it, and writes it with its trained weights. Used once; {@link #cancel()} may be called from another thread. */
public final class TrainingRun {

    private final TrainingRequest request;
    private final long start = System.nanoTime();
    private final List<String> notes = new ArrayList<>();
    private volatile boolean cancelled;

    public TrainingRun(TrainingRequest request) {
        this.request = request;
    }

    /** Stops the run soon; it ends with a {@link java.util.concurrent.CancellationException}. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Trains and writes.
     *
     * @param listener hears of each epoch when it has ended
     * @throws InvalidInputException when model or data cannot be used, or the training diverges
     */
    public TrainingReport run(Consumer<EpochResult> listener) {
        Outputs.check(request.output());
        Events events = new Events(
                request.trail().runId(),
                request.trail().tool(),
                request.trail().clock(),
                request.trail().sinks());
        EngineContext context = new EngineContext(request.settings().seed(), events, () -> cancelled);
        try (Model model = request.input().open(request.input().file(), context)) {
            Operators operators = Operators.standard().with(request.input().semantics());
            TrainingData data = data(model.graph(), context);
            request.measured()
                    .flatMap(each -> Preparation.note(
                            "The training data",
                            data.examples(),
                            "the data that measures",
                            batches(model.graph(), each, context)))
                    .ifPresent(notes::add);
            Optional<Evaluation> before = measured(model, context);
            Checkpoint checkpoint = checkpoint(model, data);
            TrainedGraph trained = trained(
                    model, operators, data, checkpoint, new TrainingWatch(context, new LossEvents(events), listener));
            note(trained.notes());
            context.checkCancelled();
            model.write(request.output(), trained.edits(), provenance(model));
            checkpoint.delete();
            return new TrainingReport(
                    request.trail().runId(),
                    trained.weights(),
                    trained.epochs(),
                    before,
                    written(context),
                    notes,
                    events.losses(),
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private Checkpoint checkpoint(Model model, TrainingData data) {
        Path output = request.output();
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
        return new Checkpoint(output.resolveSibling(output.getFileName() + ".checkpoint"), training, request.resumes());
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

    private Optional<Evaluation> written(EngineContext context) {
        if (request.measured().isEmpty()) {
            return Optional.empty();
        }
        try (Model model = request.input().open(request.output(), context)) {
            return measured(model, context);
        }
    }

    /** What the metric says of a file in its own runtime. */
    private Optional<Evaluation> measured(Model model, EngineContext context) {
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
        try (Runner runner = model.runner()) {
            return Optional.of(Evaluation.measure(runner, data, metric.get(), "measuring", context));
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
