package io.espalier.engine.run;

import io.espalier.engine.verify.RandomInputs;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.events.Events;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.Work;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures accuracy and latency in the native runtime and tells them. */
final class Measurements {

    private final Analysis analysis;
    private final PruningRequest request;
    private final Optional<Examples> examples;
    private final Events events;
    private final RunContext context;
    private final List<String> notes = new ArrayList<>();

    Measurements(Analysis analysis, PruningRequest request, Events events, RunContext context) {
        this.analysis = analysis;
        this.request = request;
        this.events = events;
        this.context = context;
        this.examples = request.data()
                .examples()
                .map(data -> Examples.of(analysis.model().graph(), analysis.shapes(), data));
        if (examples.isPresent() && examples.get().labels().isEmpty()) {
            notes.add("The data has no labels, so accuracy was not measured.");
        }
    }

    /** What could not be measured, for people. */
    List<String> notes() {
        return notes;
    }

    /** Some real inputs, when there are data. */
    Optional<Map<String, Tensor>> realInputs(int count) {
        return examples.map(each -> each.inputs(0, each.batch(count)));
    }

    Optional<Evaluation> accuracy(Model model, EvaluationStage stage) {
        Optional<long[]> labels = examples.flatMap(Examples::labels);
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        events.emit(WorkMessages.inStep(Work.WORK_EVALUATE));
        try (Runner runner = model.runner()) {
            Evaluation evaluation = Evaluation.measure(runner, examples.get(), labels.get(), phase(stage), context);
            events.emit(OutcomeMessages.evaluated(stage, evaluation));
            return Optional.of(evaluation);
        }
    }

    private static String phase(EvaluationStage stage) {
        return switch (stage) {
            case EVALUATION_STAGE_ORIGINAL -> "measuring the original";
            case EVALUATION_STAGE_CUT -> "measuring after the cut";
            default -> "measuring after the repair";
        };
    }

    Optional<LatencyComparison> latency(Model original, Model pruned) {
        return request.data().latency().flatMap(options -> latency(original, pruned, options));
    }

    private Optional<LatencyComparison> latency(Model original, Model pruned, LatencyOptions options) {
        if (!VerificationOptions.fits(
                analysis.model().graph(), request.verification().memory())) {
            notes.add("Latency was not measured: the runtime would need more memory than the verification may take.");
            return Optional.empty();
        }
        events.emit(WorkMessages.inStep(Work.WORK_TIME));
        Map<String, Tensor> inputs = realInputs(1)
                .orElseGet(() -> new RandomInputs(analysis.model().graph(), analysis.shapes())
                        .make(request.verification().seed(), analysis.costs().symbols()));
        try (Runner before = original.runner();
                Runner after = pruned.runner()) {
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
