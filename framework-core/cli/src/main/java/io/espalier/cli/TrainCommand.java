package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.DataFile;
import io.espalier.api.Espalier;
import io.espalier.api.Evaluation;
import io.espalier.api.OutputFiles;
import io.espalier.api.TrainRequest;
import io.espalier.api.TrainResult;
import io.espalier.api.TrainedEpoch;
import io.espalier.api.Training;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a model. */
@Command(
        name = "train",
        header = "Train a model: its weights follow the gradient of a loss over examples.",
        description = {
            "The model is what its file computes, of any format; what is written is the same file with trained weights.",
            "Batch norms are trained with the statistics of each batch."
        },
        footer = {
            "  espalier train model.onnx --train train-images-idx3-ubyte.gz --data-option scale=1/255 -o trained.onnx",
            "  espalier train model.onnx --train train.npz --data test.npz --epochs 20 \\",
            "      --optimizer sgd:nesterov=true --learning-rate 0.1 --rate-schedule one-cycle -o trained.onnx",
            "  espalier train model.onnx --train train.npz --trainable 'head.*' --epochs 3 -o trained.onnx"
        })
final class TrainCommand extends RunCommand {

    @Parameters(paramLabel = "MODEL", description = "The model file.")
    private Path model;

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--train",
            paramLabel = "FILE[:PART]",
            required = true,
            description =
                    "Labelled training examples; files and PART as in 'prune --calibration'. idx images find their"
                            + " labels by the usual names.")
    private List<String> train = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "FILE[:PART]",
            description = "Labelled examples that measure the file before and after, in its own runtime.")
    private List<String> data = new ArrayList<>();

    @Mixin
    private ReadingOptions reading;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "10",
            description = "How often all examples are seen (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Mixin
    private LossOption loss;

    @Mixin
    private TrainingOptions training;

    @Option(
            names = "--regularizer",
            paramLabel = "NAME[:OPTION=VALUE,...]",
            description = "What draws weights towards a network that can be pruned, such as depgraph, hesso or"
                    + " group-lasso:strength=1e-4; 'espalier plugins list' names all. The last weights are written"
                    + " (default: none).")
    private String regularizer;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            description = "What a cut is to leave that --regularizer prepares for, as in 'prune --target'"
                    + " (default: macs=50%%).")
    private String target;

    @Option(
            names = "--resume",
            description = "Go on from OUTPUT.checkpoint, which a training that was interrupted has left, with the same"
                    + " numbers; begin where there is none.")
    private boolean resume;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the order of examples and of everything random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Worker threads (default: one for each processor); another number may change last digits.")
    private Integer threads;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The trained model. What was there is replaced.")
    private Path output;

    @Mixin
    private DeliveryOptions delivery;

    @Mixin
    private BudgetOption budget;

    TrainCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        Contradictions.checkOutput(output);
        if (target != null && regularizer == null) {
            throw Failure.usage(
                    "--target says what --regularizer prepares for; name one, or prune with 'espalier prune'");
        }
        Forwarding forwarding = new Forwarding(OutputFiles.of(output).journal(), delivery, environment.interruption());
        try (Espalier espalier = open(budget.budget());
                RunMetrics metrics = metrics(espalier)) {
            metrics.lag(forwarding::missing);
            TrainRequest request = request(espalier);
            TrainResult result = forwarding.around(
                    () -> watched(request, List.of(forwarding, metrics), asked -> asked.to(output, this::told)),
                    this::say);
            result.notes().forEach(this::say);
            tell(result.lostEvents());
            metrics.lost(result.lostEvents());
            forwarding.delivery().ifPresent(arrived -> metrics.refused(arrived.refused()));
            print(result, forwarding);
            forwarding.requireDelivered();
            return ExitCode.OK;
        }
    }

    private void print(TrainResult result, Forwarding forwarding) {
        if (!common.json) {
            show(result);
            return;
        }
        ObjectNode json = Json.document("train");
        json.setAll(Json.parse(result.report()));
        forwarding.delivery().ifPresent(arrived -> json.set("kafka", DeliveryJson.json(arrived)));
        print(Json.text(json));
    }

    private TrainRequest request(Espalier espalier) {
        Training how = regularized(training.training(epochs));
        TrainRequest request = espalier.train(model)
                .training(loss.isGiven() ? how.loss(loss.name(), loss.options()) : how)
                .examples(train.stream().map(DataFile::parse).toList())
                .dataOptions(reading.options)
                .seed(seed);
        request = reading.preprocessing == null ? request : request.preprocessing(reading.preprocessing);
        request = resume ? request.resume() : request;
        request = threads == null ? request : request.threads(threads);
        return data.isEmpty()
                ? request
                : request.data(data.stream().map(DataFile::parse).toList());
    }

    private Training regularized(Training how) {
        if (regularizer == null) {
            return how;
        }
        Setting setting = Setting.of("--regularizer", regularizer);
        return how.regularizer(setting.name(), setting.options(), target == null ? "macs=50%" : target);
    }

    private void told(TrainedEpoch epoch) {
        say(line(epoch));
    }

    private static String line(TrainedEpoch epoch) {
        return String.format(
                Locale.ROOT,
                "epoch %d/%d  loss %.4f%s%s  rate %s  %s",
                epoch.number(),
                epoch.epochs(),
                epoch.loss(),
                measured("  training ", epoch.training()),
                measured("  validation ", epoch.validation()),
                Figures.plain(epoch.learningRate()),
                Figures.clock(Math.round(epoch.seconds())));
    }

    private static String measured(String what, Optional<Evaluation> evaluation) {
        return evaluation.map(each -> what + value(each)).orElse("");
    }

    private static String value(Evaluation evaluation) {
        return switch (evaluation.unit()) {
            case SHARE -> Figures.percent(evaluation.value());
            case NUMBER -> Figures.plain(evaluation.value());
        };
    }

    private void show(TrainResult result) {
        print(Figures.count(result.weights().size(), "weight") + " of "
                + Figures.count(result.parameters()) + " parameters trained in "
                + Figures.clock(result.elapsed().toSeconds()));
        if (common.verbose) {
            result.weights().forEach(name -> print("  " + Clean.text(name)));
        }
        result.epochs().forEach(epoch -> print(line(epoch)));
        result.before()
                .ifPresent(before -> print(before.metric() + "  " + value(before) + " before, "
                        + value(result.after().orElseThrow()) + " after, on "
                        + Figures.count(before.examples(), "example")));
        printPath("model", result.files().model());
        printPath("journal", result.files().journal());
        printPath("report", result.files().report());
    }
}
