package io.espalier.cli;

import io.espalier.api.Espalier;
import io.espalier.api.OutputFiles;
import io.espalier.api.PlanRequest;
import io.espalier.api.PlanResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Decides what would go, and writes it down; the model is not touched. */
@Command(
        name = "plan",
        customSynopsis = "espalier plan --target METRIC=AMOUNT [OPTIONS] MODEL",
        header = "Decide which channels to remove and write the plan to a file; the model is not touched.",
        description = {
            "Prints costs, the width of every group with its scores, and what is frozen by which operator and why.",
            "'espalier prune --plan' replays the plan."
        },
        footer = {
            "  espalier plan model.onnx --target macs=50%%",
            "  espalier plan model.onnx --target params=3M --criterion lamp -o small.plan.json",
            "  espalier plan model.onnx --target channels=70%% --allocator uniform --ignore 'head*' --json"
        })
final class PlanCommand extends RunCommand {

    @Parameters(paramLabel = "MODEL", description = "The model file.")
    private Path model;

    @Mixin
    private ConfigOption config;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The plan file (default: the name of the model with .plan.json, in the current folder).")
    private Path output;

    @Mixin
    private SelectionOptions selection;

    @Option(
            names = "--dim",
            paramLabel = "NAME=EXTENT",
            description = "The extent of a symbolic axis for costs; may be given several times.")
    private Map<String, Long> dims = new LinkedHashMap<>();

    @Mixin
    private CalibrationOptions calibration;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private InputsOption inputs;

    @Mixin
    private BudgetOption budget;

    PlanCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        Contradictions.check(selection, spec.commandLine().getParseResult());
        if (output != null) {
            Contradictions.checkOutput(output);
        }
        try (Espalier espalier = open(budget.budget());
                RunMetrics metrics = metrics(espalier)) {
            Path file = output == null ? Path.of(model.getFileName() + ".plan.json") : output;
            PlanResult result = watched(request(espalier), List.of(metrics), request -> request.to(file));
            result.notes().forEach(this::say);
            if (common.json) {
                print(Json.text(PlanJson.of(result)));
            } else {
                PlanText.lines(result, outStyle(), limit()).forEach(this::print);
                print("");
                printPath("plan", file);
            }
            if (!common.json && selection.isTimed()) {
                printPath("latency", OutputFiles.of(file).latencyTable());
            }
            tell(result.lostEvents());
            metrics.lost(result.lostEvents());
        }
        return ExitCode.OK;
    }

    private PlanRequest request(Espalier espalier) {
        PlanRequest request = selection
                .applyTo(espalier.plan(model))
                .extents(dims)
                .inputs(inputs.values())
                .threads(threads.count());
        return calibration.applyTo(request);
    }
}
