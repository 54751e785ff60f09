package io.espalier.training;

import io.espalier.engine.data.DatasetDigest;
import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.plan.Plan.Recovery.Training;
import io.espalier.engine.run.FineTuning;
import io.espalier.engine.run.PruningRequest.Input;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Optional;

/**
 * Trains a pruned model, or a model while it is pruned.
 *
 * @param examples what it is trained on
 * @param validation what measures it after each epoch
 * @param metric what is measured
 * @param settings how it is trained
 * @param lesson what it is to agree with besides the labels; empty for the labels alone
 * @param resumes whether it goes on from a checkpoint where there is one
 */
public record PrunedTraining(
        Dataset examples,
        Optional<Dataset> validation,
        MetricChoice metric,
        TrainingSettings settings,
        Optional<Lesson> lesson,
        boolean resumes)
        implements FineTuning {

    /** The teacher of a model that nobody named another for. */
    private static final String ORIGINAL = "original";

    /**
     * What a pruned model learns from a teacher.
     *
     * @param teacher a model file; empty for the model before the cut
     * @param loss how far outputs are from those of the teacher
     * @param share how much that loss counts, from 0 to 1
     */
    public record Lesson(Optional<Input> teacher, ChosenLoss loss, double share) {}

    @Override
    public String identity() {
        return String.join(
                "\n",
                settings.text(),
                "examples " + DatasetDigest.of(examples),
                "validation " + validation.map(DatasetDigest::of),
                "metric " + metric.asked().map(ChosenMetric::label),
                taught());
    }

    private String taught() {
        return "teacher " + lesson.map(each -> each.teacher().map(Input::file) + " " + each.share());
    }

    @Override
    public Read check(Graph original, RunContext context) {
        TrainingData data = data(original, context);
        data.epoch(settings.batch(), 0);
        return new Read(data.examples(), data.validation());
    }

    private TrainingData data(Graph graph, RunContext context) {
        Batches all = Batches.of(graph, examples, Evaluation.BATCHES, context);
        return TrainingData.of(
                all, validation.map(each -> Batches.of(graph, each, Evaluation.BATCHES, context)), metric);
    }

    @Override
    public Trained train(Task task) {
        Optional<Input> file = lesson.flatMap(Lesson::teacher);
        if (file.isEmpty()) {
            return trained(task, lesson.map(each -> new Distillation(task.original(), each.loss(), each.share())));
        }
        try (Model teacher = file.get().open(file.get().file(), task.context())) {
            return trained(task, lesson.map(each -> new Distillation(teacher.graph(), each.loss(), each.share())));
        }
    }

    private Checkpoint checkpoint(Keeping keeping, TrainingData data) {
        String training = String.join(
                "\n",
                keeping.identity(),
                settings.text(),
                "examples " + data.examples().examples(),
                "validation " + data.validation().map(Batches::examples).orElse(0L),
                taught());
        return new Checkpoint(keeping.checkpoint(), training, resumes);
    }

    private Trained trained(Task task, Optional<Distillation> distillation) {
        TrainingData data = data(task.pruned(), task.context());
        TrainedGraph trained = TrainedGraph.of(
                task.pruned(),
                task.operators(),
                data,
                settings,
                distillation,
                task.cutting()
                        .map(cutting -> new Course(cutting.cuts(), cutting.rewind()))
                        .orElse(Course.PLAIN),
                task.keeping().map(keeping -> checkpoint(keeping, data)),
                task.executor(),
                new TrainingWatch(task.context(), new LossEvents(task.events()), epoch -> {}));
        List<Double> losses = trained.epochs().stream().map(EpochResult::loss).toList();
        return new Trained(
                trained.edits(),
                new Training(
                        settings.loss().loss().name(),
                        settings.optimizer().label(),
                        losses.size(),
                        data.examples().examples(),
                        lesson.map(each -> each.teacher()
                                .map(input -> String.valueOf(input.file().getFileName()))
                                .orElse(ORIGINAL))),
                losses,
                trained.notes());
    }
}
