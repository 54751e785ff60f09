package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Espalier;
import io.espalier.api.VerifyResult;
import io.espalier.cli.text.Clean;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves a pruned model again, from files alone. */
@Command(
        name = "verify",
        header = "Prove again, from files alone, that a pruned model computes what its plan says.",
        description = {
            "Weights that were repaired after the cut cannot be proved; they are named, and the rest is proved.",
            "Ends with code 3 when the model is not proved."
        },
        footer = {
            "  espalier verify model.onnx pruned.onnx.plan.json pruned.onnx",
            "  espalier verify model.onnx pruned.onnx.plan.json pruned.onnx --seed 7 --json"
        })
final class VerifyCommand extends AbstractCommand {

    @Parameters(index = "0", paramLabel = "ORIGINAL", description = "The model the plan was made for.")
    private Path original;

    @Parameters(index = "1", paramLabel = "PLAN", description = "The plan file.")
    private Path plan;

    @Parameters(index = "2", paramLabel = "PRUNED", description = "The pruned model.")
    private Path pruned;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the random inputs (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--dim",
            paramLabel = "NAME=EXTENT",
            description = "The extent of a symbolic axis in the inputs tried; may be given several times.")
    private Map<String, Long> dims = new LinkedHashMap<>();

    @Mixin
    private MemoryOption memory;

    @Mixin
    private ThreadsOption threads;

    VerifyCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        try (Espalier espalier = open()) {
            return tell(espalier.verify(original, plan, pruned)
                    .seed(seed)
                    .extents(dims)
                    .memory(memory.bytes())
                    .threads(threads.count())
                    .run());
        }
    }

    private int tell(VerifyResult result) {
        if (common.json) {
            print(Json.text(json(result)));
        } else {
            print(ReportText.proof(result.proof(), outStyle()));
            result.repair()
                    .ifPresent(repair ->
                            print("not covered: " + result.repairedParameters().size()
                                    + " parameters that the repair '" + Clean.text(repair) + "' changed after the cut"
                                    + (common.verbose
                                            ? ": " + Clean.text(String.join(", ", result.repairedParameters()))
                                            : "")));
        }
        return result.proof().isProved() ? ExitCode.OK : ExitCode.NOT_PROVED;
    }

    private ObjectNode json(VerifyResult result) {
        ObjectNode json = Json.document("verify");
        json.put("original", original.toString());
        json.put("plan", plan.toString());
        json.put("pruned", pruned.toString());
        json.set("verification", Json.proof(result.proof()));
        result.repair().ifPresent(repair -> {
            json.put("repair", repair);
            result.repairedParameters().forEach(json.putArray("repairedParameters")::add);
        });
        return json;
    }
}
