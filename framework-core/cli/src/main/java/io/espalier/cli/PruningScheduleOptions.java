package io.espalier.cli;

import io.espalier.api.DataFile;
import io.espalier.api.PruneRequest;
import io.espalier.api.Training;
import io.espalier.api.When;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How a model is trained while it is pruned. */
final class PruningScheduleOptions {

    private static final int USUAL_EPOCHS = 10;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Train for so many epochs in all, and cut when --when and --schedule say (default with --when"
                    + " during: 10).")
    private Integer epochs;

    @Option(
            names = "--schedule",
            paramLabel = "NAME[:OPTION=VALUE,...]",
            description = "When a model that is trained is cut, and how far each time: one-shot, linear, cubic,"
                    + " exponential, early-bird, stable, or one of a plug-in, such as cubic:start=0.1,end=0.7, shares of"
                    + " the training (default: cubic with --when during, else one-shot).")
    private String schedule;

    @Option(
            names = "--regularizer",
            paramLabel = "NAME[:OPTION=VALUE,...]",
            description =
                    "What draws weights towards what the next cut is to leave, as in 'train'; widths are not rounded then"
                            + " unless --round-to says so (default: none).")
    private String regularizer;

    @Option(
            names = "--rewind",
            paramLabel = "EPOCH",
            description =
                    "After each cut go back to the weights after this epoch, 0 for those of the file, and train the"
                            + " smaller model again.")
    private Integer rewind;

    @Option(
            names = "--resume",
            description = "Go on from the checkpoint beside OUTPUT, which a training that was interrupted has left,"
                    + " with the same numbers; begin where there is none.")
    private boolean resume;

    /** Whether a length of training is named. */
    boolean trains() {
        return epochs != null;
    }

    /**
     * Throws a usage failure where something is asked of a training that there is none of.
     *
     * @param isScheduled whether the model is pruned while it is trained
     * @param isTrained whether it is trained at all
     */
    void check(boolean isScheduled, boolean isTrained) {
        String option = Stream.of(
                        schedule != null ? "--schedule" : "",
                        regularizer != null ? "--regularizer" : "",
                        rewind != null ? "--rewind" : "")
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
        if (!isScheduled && !option.isEmpty()) {
            throw Failure.usage(option
                    + " belongs to a model that is pruned while it is trained; give --when during, or" + " --epochs");
        }
        if (resume && !isTrained) {
            throw Failure.usage("--resume belongs to a model that is trained; name training examples with --train");
        }
    }

    PruneRequest applyTo(PruneRequest request, List<DataFile> examples, TrainingOptions training, When when) {
        Training how = training.training(epochs == null ? USUAL_EPOCHS : epochs);
        if (regularizer != null) {
            Setting setting = Setting.of("--regularizer", regularizer);
            how = how.regularizer(setting.name(), setting.options());
        }
        PruneRequest asked = request.whileTraining(examples, how, when);
        if (schedule != null) {
            Setting setting = Setting.of("--schedule", schedule);
            asked = asked.schedule(setting.name(), setting.options());
        }
        return rewind == null ? asked : asked.rewind(rewind);
    }

    /** Whether training goes on from a checkpoint. */
    boolean resumes() {
        return resume;
    }
}
