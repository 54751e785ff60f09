package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.cli.text.Clean;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.verify.Verification;
import io.espalier.host.Catalogue;
import io.espalier.spi.adapter.Model;
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

    VerifyCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        try (Catalogue catalogue = loadPlugins()) {
            Plan decision = PlanFile.read(plan);
            try (Inspection inspection = Inspection.of(catalogue, original, dims)) {
                String digest = inspection.model().digest();
                if (!decision.model().digest().equals(digest)) {
                    throw Failure.of(
                            ExitCode.FAILED,
                            "the plan '" + plan + "' was made for '"
                                    + decision.model().file() + "' with digest "
                                    + decision.model().digest() + ", but '" + original + "' has " + digest
                                    + "; name the model it was made for");
                }
                try (Model model = ModelFile.open(catalogue, pruned)) {
                    Reproof reproof = new Reproof(inspection, decision, new Providers(catalogue).executor());
                    return tell(reproof.of(model, seed, dims, memory.bytes()));
                }
            }
        }
    }

    private int tell(Reproof.Result result) {
        Verification verification = result.verification();
        if (common.json) {
            print(Json.text(json(result)));
        } else {
            print(ReportText.verification(verification, outStyle()));
            result.repair()
                    .ifPresent(repair ->
                            print("not covered: " + result.repaired().size()
                                    + " parameters that the repair '" + Clean.text(repair) + "' changed after the cut"
                                    + (common.verbose ? ": " + Clean.text(String.join(", ", result.repaired())) : "")));
        }
        return verification.outcome() == Verification.Outcome.PROVED ? ExitCode.OK : ExitCode.NOT_PROVED;
    }

    private ObjectNode json(Reproof.Result result) {
        ObjectNode json = Json.document("verify");
        json.put("original", original.toString());
        json.put("plan", plan.toString());
        json.put("pruned", pruned.toString());
        json.set("verification", Json.verification(result.verification()));
        result.repair().ifPresent(repair -> {
            json.put("repair", repair);
            result.repaired().forEach(json.putArray("repairedParameters")::add);
        });
        return json;
    }
}
