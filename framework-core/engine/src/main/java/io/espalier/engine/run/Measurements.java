package io.espalier.engine.run;

import io.espalier.engine.data.Preparation;
import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.evaluate.ExampleValues;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.search.AccuracyGoal;
import io.espalier.engine.search.Trial;
import io.espalier.engine.verify.RandomInputs;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.events.Events;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.Work;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Measures quality and latency in the native runtime and tells them. */
final class Measurements {

    private final Analysis analysis;
    private final PruningRequest request;
    private final Optional<Batches> examples;
    private final Optional<ChosenMetric> metric;
    private final Optional<Batches> calibration;
    private final Events events;
    private final RunContext context;
    private final List<String> notes = new ArrayList<>();
    private Optional<Evaluation> original = Optional.empty();
    private Optional<ExampleValues> originalValues = Optional.empty();

    private Measurements(Measurements others, Events events) {
        this.analysis = others.analysis;
        this.request = others.request;
        this.examples = others.examples;
        this.metric = others.metric;
        this.calibration = others.calibration;
        this.context = others.context;
        this.original = others.original;
        this.originalValues = others.originalValues;
        this.events = events;
    }

    Measurements(Analysis analysis, PruningRequest request, Events events, RunContext context) {
        this.analysis = analysis;
        this.request = request;
        this.events = events;
        this.context = context;
        this.examples = request.data()
                .examples()
                .map(data -> Batches.of(analysis.model().graph(), data, Evaluation.BATCHES, context));
        this.metric = examples.flatMap(this::choose);
        this.calibration = request.repair()
                .map(repair -> Batches.of(analysis.model().graph(), repair.calibration(), Evaluation.BATCHES, context));
        calibration.ifPresent(batches -> note(batches.notes()));
        Optional<FineTuning.Read> read = request.fineTuning()
                .or(() -> request.scheduled().map(PruningRequest.Scheduled::training))
                .map(each -> each.check(analysis.model().graph(), context));
        Optional<Batches> training = read.map(FineTuning.Read::examples);
        compare("The training data", training, "the data that measures", examples);
        compare("The training data", training, "the calibration data", calibration);
        compare("The calibration data", calibration, "the data that measures", examples);
        if (request.search().isPresent()) {
            AccuracyGoal goal = request.search().get().goal();
            promised(goal, "calibration examples", calibration.or(this::scored));
            promised(goal, "training examples", training);
            promised(
                    goal,
                    "training examples that are held back, by which an epoch is chosen,",
                    read.flatMap(FineTuning.Read::heldBack));
        } else {
            shared(calibration).map(SharedExamples::note).ifPresent(this::note);
        }
    }

    /** The data that channels are scored on. */
    private Optional<Batches> scored() {
        return request.decision()
                .flatMap(Decision::calibration)
                .map(data -> Batches.of(analysis.model().graph(), data, Evaluation.BATCHES, context));
    }

    private Optional<SharedExamples> shared(Optional<Batches> read) {
        return read.filter(batches -> !batches.isSynthetic())
                .flatMap(batches -> examples.map(data -> SharedExamples.between(batches, data, context)))
                .filter(each -> each.shared() > 0);
    }

    private void promised(AccuracyGoal goal, String which, Optional<Batches> read) {
        shared(read).ifPresent(each -> {
            throw new InvalidInputException("The target '" + goal + "' cannot be promised: " + each.counted(which)
                    + ". Give --data that nothing else reads: of two parts of a file, such as train.npz:train:2048 and"
                    + " train.npz:valid:2000, no example is in both.");
        });
    }

    /** The same data and metric, with other events and notes. */
    Measurements telling(Events others) {
        return new Measurements(this, others);
    }

    private void compare(String first, Optional<Batches> one, String second, Optional<Batches> other) {
        one.flatMap(each -> other.flatMap(with -> Preparation.note(first, each, second, with)))
                .ifPresent(this::note);
    }

    private void note(List<String> sentences) {
        sentences.stream().filter(sentence -> !notes.contains(sentence)).forEach(notes::add);
    }

    /** Looks at data and metric before anything is done, so that what is wrong with them is said at once. */
    private Optional<ChosenMetric> choose(Batches batches) {
        note(batches.notes());
        OptionalLong classes = classes();
        MetricChoice choice = request.data().metric();
        if (choice.equals(MetricChoice.NONE)) {
            return Optional.empty();
        }
        Optional<ChosenMetric> chosen = choice.on(batches, classes.orElse(Long.MAX_VALUE) > 1);
        if (chosen.isEmpty()) {
            notes.add(choice.reason(batches));
            return chosen;
        }
        Metric wanted = chosen.get().metric();
        if (wanted.labels() == Metric.Labels.CLASSES) {
            classes.ifPresent(batches::requireClasses);
        }
        wanted.start(chosen.get().options(), context).close();
        return chosen;
    }

    /** How many classes the first output tells apart, when it is one row of scores an example. */
    private OptionalLong classes() {
        return analysis.shapes()
                .shape(analysis.model().graph().outputs().get(0))
                .filter(shape -> shape.size() == 2 && shape.get(1).isConstant())
                .map(shape -> OptionalLong.of(shape.get(1).constant()))
                .orElse(OptionalLong.empty());
    }

    /** Adds a sentence for people. */
    void note(String sentence) {
        note(List.of(sentence));
    }

    /** What could not be measured, and what else is worth knowing, for people. */
    List<String> notes() {
        return notes;
    }

    /** The data to repair with, checked before anything is done. */
    Optional<Batches> calibration() {
        return calibration;
    }

    /** Some real inputs, when there is data. */
    Optional<Map<String, Tensor>> realInputs(int count) {
        return examples.map(each -> each.with(BatchOptions.of(count)).get(0).inputs());
    }

    /** Measures a model; the original once only. */
    Optional<Evaluation> evaluation(Model model, EvaluationStage stage) {
        if (stage != EvaluationStage.EVALUATION_STAGE_ORIGINAL) {
            return measured(model, stage);
        }
        if (original.isEmpty()) {
            originalValues = request.search().isPresent() ? values() : Optional.empty();
            original = measured(model, stage, originalValues);
        }
        return original;
    }

    private Optional<ExampleValues> values() {
        return metric.map(each -> new ExampleValues(each, context));
    }

    /** The smallest standard error of a loss that is measured on the examples; empty where it is not known. */
    OptionalDouble leastLossError() {
        return originalValues
                .map(values -> values.leastStandardError(original.orElseThrow().value()))
                .orElse(OptionalDouble.empty());
    }

    /** Measures a model of a search beside the original, which was measured before. */
    Trial.Point trial(Model model, Cost cost) {
        Optional<ExampleValues> values = values();
        double value = measured(model, EvaluationStage.EVALUATION_STAGE_REPAIRED, values)
                .orElseThrow()
                .value();
        OptionalDouble lossError = originalValues
                .map(before ->
                        before.standardErrorOfChange(original.orElseThrow().value(), values.orElseThrow(), value))
                .orElse(OptionalDouble.empty());
        return new Trial.Point(cost, value, lossError);
    }

    private Optional<Evaluation> measured(Model model, EvaluationStage stage) {
        return measured(model, stage, Optional.empty());
    }

    private Optional<Evaluation> measured(Model model, EvaluationStage stage, Optional<ExampleValues> values) {
        if (metric.isEmpty()) {
            return Optional.empty();
        }
        events.emit(WorkMessages.inStep(Work.WORK_EVALUATE));
        try (Runner runner = model.runner()) {
            Evaluation evaluation =
                    Evaluation.measure(runner, examples.orElseThrow(), metric.get(), values, phase(stage), context);
            events.emit(OutcomeMessages.evaluated(stage, evaluation));
            return Optional.of(evaluation);
        }
    }

    private static String phase(EvaluationStage stage) {
        return switch (stage) {
            case EVALUATION_STAGE_ORIGINAL -> "measuring the original";
            case EVALUATION_STAGE_CUT -> "measuring after the cut";
            case EVALUATION_STAGE_TRAINED -> "measuring after training";
            default -> "measuring after the repair";
        };
    }

    Optional<LatencyComparison> latency(Model original, Model pruned) {
        return request.data().latency().flatMap(options -> latency(original, pruned, options));
    }

    private Runner timed(Model model) {
        int threads = request.timing().threads();
        return threads == 1 ? model.runner() : CutTimer.threaded(model, List.of(), threads);
    }

    private Optional<LatencyComparison> latency(Model original, Model pruned, LatencyOptions options) {
        if (!VerificationOptions.fits(
                analysis.model().graph(), request.verification().memory())) {
            notes.add("Latency was not measured: the runtime would need more memory than the verification may take.");
            return Optional.empty();
        }
        events.emit(WorkMessages.inStep(Work.WORK_TIME));
        Map<String, Tensor> inputs = realInputs(1)
                .orElseGet(() -> new RandomInputs(
                                analysis.model().graph(),
                                analysis.shapes(),
                                analysis.coupling().operators())
                        .make(request.verification().seed(), analysis.costs().symbols()));
        try (Runner before = timed(original);
                Runner after = timed(pruned)) {
            LatencyComparison latency = LatencyComparison.measure(before, after, inputs, options, context);
            events.emit(OutcomeMessages.latency(latency));
            return Optional.of(latency);
        } catch (ExecutionException e) {
            notes.add("Latency was not measured: the runtime refuses the inputs (" + e.getMessage()
                    + "); give data, or extents of the symbolic dimensions.");
            return Optional.empty();
        }
    }
}
