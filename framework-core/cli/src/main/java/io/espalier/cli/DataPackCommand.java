package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Espalier;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes one npz file of examples. */
@Command(
        name = "pack",
        header = "Make one npz file of examples: the same examples give the same bytes.",
        description =
                "With --for, the arrays are called like the inputs of the model and have their types and shapes; else"
                        + " they are as in the files.",
        footer = {
            "  espalier data pack images/ --for model.onnx --count 1024 -o calibration.npz",
            "  espalier data pack a.npz b.npz -o both.npz"
        })
final class DataPackCommand extends AbstractCommand {

    @Mixin
    private DataOptions options;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The npz file. What was there is replaced.")
    private Path output;

    @Option(names = "--count", paramLabel = "N", description = "Most examples, chosen by --seed (default: all).")
    private Integer count;

    @Mixin
    private BudgetOption budget;

    DataPackCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        Contradictions.checkOutput(output);
        if (count != null && count < 1) {
            throw Failure.usage("--count cannot be " + count + "; give a number of at least 1");
        }
        try (Espalier espalier = open(budget.budget())) {
            OptionalInt most = count == null ? OptionalInt.empty() : OptionalInt.of(count);
            long written = options.request(espalier).pack(output, most);
            if (common.json) {
                ObjectNode json = Json.document("data-pack");
                print(Json.text(json.put("examples", written).put("output", output.toString())));
            } else {
                printPath("data", output);
                print("examples " + written);
            }
        }
        return ExitCode.OK;
    }
}
