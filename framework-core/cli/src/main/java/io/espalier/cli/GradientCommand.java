package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Espalier;
import io.espalier.api.GradientFile;
import io.espalier.api.GradientRequest;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the file that computes a loss and its gradients. */
@Command(
        name = "gradient",
        header = "Write an ONNX file that computes a loss of a model and its gradients.",
        description = {
            "Its inputs are those of the model and of the labels (called 'labels', or as --loss NAME:labels=... says), any number"
                    + " of examples at a time.",
            "Its outputs are 'loss', the mean over the examples, and NAME/gradient for each value, of the shape of the value."
        },
        footer = {
            "  espalier gradient model.onnx -o backward.onnx",
            "  espalier gradient model.onnx --loss mse --with-respect-to inputs -o saliency.onnx",
            "  espalier gradient model.onnx --loss loss.onnx --with-respect-to fc.weight -o backward.onnx"
        })
final class GradientCommand extends AbstractCommand {

    @Parameters(paramLabel = "MODEL", description = "The model file, of any format.")
    private Path model;

    @Mixin
    private LossOption loss;

    @Option(
            names = "--with-respect-to",
            paramLabel = "WHAT",
            defaultValue = "weights",
            description =
                    "What the loss is differentiated by: weights, inputs, or the name of a weight, an input or another"
                            + " value; may be given several times (default: ${DEFAULT-VALUE}).")
    private List<String> by;

    @Option(
            names = "--dim",
            paramLabel = "NAME=EXTENT",
            description =
                    "The extent of a symbolic axis of the inputs in the file that is written, for operators whose gradient"
                            + " needs it; may be given several times.")
    private Map<String, Long> dims = new LinkedHashMap<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The ONNX file. What was there is replaced.")
    private Path output;

    @Mixin
    private BudgetOption budget;

    GradientCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        Contradictions.checkOutput(output);
        try (Espalier espalier = open(budget.budget())) {
            GradientRequest request = espalier.gradient(model).withRespectTo(by).extents(dims);
            GradientFile written = (loss.isGiven() ? request.loss(loss.name(), loss.options()) : request).write(output);
            if (common.json) {
                print(Json.text(json(written)));
            } else {
                show(written);
            }
        }
        return ExitCode.OK;
    }

    private void show(GradientFile written) {
        printPath("file", output);
        print("inputs   " + Clean.text(String.join(", ", written.inputs())));
        print("loss     " + Clean.text(written.loss()));
        Table table = new Table(Align.LEFT, Align.LEFT).row("gradient by", "output");
        List<Map.Entry<String, String>> all = List.copyOf(written.gradients().entrySet());
        limit().of(all).forEach(each -> table.row(each.getKey(), each.getValue()));
        table.lines(0).forEach(this::print);
        limit().omitted(all).ifPresent(this::print);
    }

    private ObjectNode json(GradientFile written) {
        ObjectNode json = Json.document("gradient").put("output", output.toString());
        written.inputs().forEach(json.putArray("inputs")::add);
        written.labels().forEach(json.putArray("labels")::add);
        json.put("loss", written.loss());
        ObjectNode gradients = json.putObject("gradients");
        written.gradients().forEach(gradients::put);
        return json;
    }
}
