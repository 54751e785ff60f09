package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
            "The plan is carried out once more, and the pruned model must be equal to the result: interface, operators, "
                    + "attributes, constants. Then numbers are compared. Weights that the plan records as recovered may "
                    + "differ from the cut, as the record says.",
            "Verdicts: 'proved'; 'failed', when the model is not what its plan says or computes something else; "
                    + "'not proved', when the inputs tried could show nothing. Ends with code 3 unless it is proved."
        },
        footer = {
            "  espalier verify model.onnx pruned.onnx.plan.json pruned.onnx",
            "  espalier verify model.onnx pruned.onnx.plan.json pruned.onnx --seed 7 --json"
        })
final class VerifyCommand extends AbstractCommand {

    private static final int DIFFERENCES_SHOWN = 10;

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

    @Mixin
    private InputsOption inputs;

    @Mixin
    private BudgetOption budget;

    VerifyCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        try (Espalier espalier = open(budget.budget())) {
            return tell(espalier.verify(original, plan, pruned)
                    .seed(seed)
                    .extents(dims)
                    .inputs(inputs.values())
                    .memory(memory.bytes())
                    .threads(threads.count())
                    .run());
        }
    }

    private int tell(VerifyResult result) {
        if (common.json) {
            print(Json.text(json(result)));
        } else {
            result.differences().stream()
                    .limit(common.verbose ? Long.MAX_VALUE : DIFFERENCES_SHOWN)
                    .forEach(each -> print(each.kind() + ": " + Clean.text(each.text())));
            if (result.differences().size() > DIFFERENCES_SHOWN && !common.verbose) {
                print("... and " + (result.differences().size() - DIFFERENCES_SHOWN) + " more (--verbose shows all)");
            }
            print(ReportText.verdict(result, outStyle()));
        }
        return result.proof().isProved() ? ExitCode.OK : ExitCode.NOT_PROVED;
    }

    private ObjectNode json(VerifyResult result) {
        ObjectNode json = Json.document("verify");
        json.put("original", original.toString());
        json.put("plan", plan.toString());
        json.put("pruned", pruned.toString());
        json.set("verification", Json.proof(result.proof()));
        ArrayNode differences = json.putArray("differences");
        result.differences()
                .forEach(each -> differences
                        .addObject()
                        .put("kind", each.kind())
                        .put("name", each.name())
                        .put("text", each.text()));
        result.recovery().ifPresent(compensator -> {
            ObjectNode recovery = json.putObject("recovery").put("compensator", compensator);
            result.recoveredConstants().forEach(recovery.putArray("constants")::add);
        });
        return json;
    }
}
